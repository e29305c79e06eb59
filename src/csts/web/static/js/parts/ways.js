/** Where an agent can go from any page; the desk replaces what it can show without leaving. */

import { addressOf, viewOf } from "../lib/desk.js";

const ANEW = viewOf(new URLSearchParams());

/** @type {{ticket: (id: number) => void, view: (change: Partial<import("../lib/desk.js").View>) => void}} */
export const ways = {
  ticket: (id) => location.assign(`/desk/tickets/${id}`),
  view: (change) => location.assign(`/desk${addressOf({ ...ANEW, ...change })}`),
};
