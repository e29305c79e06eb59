/** The customer's page of one ticket: what is around the conversation. */

import { need } from "../lib/dom.js";
import { followKeyboard } from "../parts/thread-viewport.js";
import "../parts/ticket-room.js";
import "../parts/thread-page.js";

followKeyboard();

const room = need("ticket-room");
/** @type {any[]} */
const heard = [];
const keep = (/** @type {CustomEvent} */ { detail }) => heard.push(detail);
room.addEventListener("heard", keep);
// Not before the conversation is there: nobody has missed anything yet.
room.addEventListener("ticket", async () => {
  const { countMissed } = await import("../parts/missed.js");
  room.removeEventListener("heard", keep);
  countMissed(room, heard);
}, { once: true });
