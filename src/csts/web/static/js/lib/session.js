/** What this tab knows of its session: since when it holds and for how long, also when another tab has renewed it. */

import { storageOf } from "./outbox.js";
import { page } from "./page.js";

/** Where each kind of person comes in, as an address of the API and as a page. */
export const DOORS = {
  customer: { api: "/user", page: "/signin" },
  agent: { api: "/agent", page: "/desk/signin" },
};

const SIGNED_OUT = "csts:signed-out";
const shelf = storageOf(globalThis);
const keyOf = (/** @type {string} */ kind) => `csts:session:${kind}`;

let known = Date.now();

/** The moment at which this tab last heard of its session. */
export const knownSince = () => known;

/** The session goes on: for this page, and for the other tabs of the same person. @param {{expires_in: number}} session */
export function goesOn({ expires_in }) {
  const told = { id: page.me?.id, at: Date.now(), expires_in };
  try {
    if (page.me) shelf.setItem(keyOf(page.me.kind), JSON.stringify(told));
  } catch {
    // A full device: each tab renews for itself then.
  }
  take(told);
}

/**
 * Takes what another tab has told, if it is about this person and still holds.
 * @param {number} since @returns {boolean} whether the session was renewed after that moment
 */
export function heardFromOthers(since) {
  const told = readShelf();
  if (!told || told.id !== page.me?.id || told.at <= since || secondsLeft(told) <= 0) return false;
  if (told.at > known) take(told);
  return true;
}

/**
 * Other tabs renew for this one too: whoever is first does it for all. Where their person signs out, this page is not for the eyes
 * of the next one either: `left` is called.
 * @param {{left?: () => void, scope?: any}} options
 */
export function followOtherTabs({ left = () => {}, scope = globalThis } = {}) {
  scope.addEventListener("storage", (/** @type {StorageEvent} */ { key, newValue }) => {
    if (page.me && key === keyOf(page.me.kind)) heardFromOthers(known);
    if (page.me && key === SIGNED_OUT && newValue === nameOf(page.me)) left();
  });
}

/** To the other tabs of this browser. @param {{kind: string, id: number}} me */
export function tellSignedOut(me) {
  try {
    // Heard, not kept: what is written here by whoever has left goes at once.
    globalThis.localStorage.setItem(SIGNED_OUT, nameOf(me));
    globalThis.localStorage.removeItem(SIGNED_OUT);
  } catch {
    // A full or forbidden store: the other tabs ask for a new sign-in.
  }
}

/** @param {{kind: string, id: number}} me */
const nameOf = ({ kind, id }) => `${kind}-${id}`;

/** @typedef {{id?: number, at: number, expires_in: number}} Told */

/** @param {Told} told */
const secondsLeft = ({ at, expires_in }) => expires_in - (Date.now() - at) / 1000;

/** @param {Told} told */
function take(told) {
  known = told.at;
  page.expires_in = Math.ceil(secondsLeft(told));
  globalThis.document?.dispatchEvent(new CustomEvent("session-renewed", { detail: { expires_in: page.expires_in } }));
}

/** @returns {Told|null} */
function readShelf() {
  try {
    return JSON.parse(shelf.getItem(keyOf(page.me?.kind ?? "")) ?? "null");
  } catch {
    return null;
  }
}
