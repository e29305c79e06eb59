/** What the tabs of one browser know of each other, by locks that die with the tab that held them. */

import { page } from "../lib/page.js";

// Only pages over https and on this machine have locks; elsewhere each tab stands for itself.
const locks = globalThis.navigator?.locks;
const nameOf = (/** @type {string} */ what) => `csts:${page.me?.kind}-${page.me?.id}:${what}`;
const viewOf = (/** @type {number} */ ticketId) => nameOf(`view:${ticketId}`);

/** @type {Map<string, number>} */
const doneAt = new Map();

/** Does something unless a tab has done it in the last `ms`. @param {string} what @param {number} ms @param {() => void} act */
export async function oncePerMoment(what, ms, act) {
  if (locks) {
    return locks.request(nameOf(what), { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      act();
      await new Promise((resolve) => setTimeout(resolve, ms));
    });
  }
  if (Date.now() - (doneAt.get(what) ?? 0) < ms) return;
  doneAt.set(what, Date.now());
  act();
}

/** Whether somebody sits before this tab. */
export const isAttended = () => document.visibilityState === "visible" && document.hasFocus();

/** Whether this ticket is before somebody's eyes, in whichever tab. @param {number} ticketId */
export async function isInView(ticketId) {
  if (viewed === ticketId && isAttended()) return true;
  const held = (await locks?.query())?.held ?? [];
  return held.some(({ name }) => name === viewOf(ticketId));
}

/** @type {number|null} */
let viewed = null;
let leave = new AbortController();

/** Says which ticket this tab shows, or that it shows none. @param {number|null} ticketId */
export function view(ticketId) {
  viewed = ticketId;
  tell();
}

function tell() {
  leave.abort();
  leave = new AbortController();
  if (viewed === null || !isAttended() || !locks) return;
  const { signal } = leave;
  const left = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  locks.request(viewOf(viewed), { mode: "shared", signal }, () => left).catch(() => {});
}

for (const name of ["focus", "blur"]) globalThis.addEventListener(name, tell);
document.addEventListener("visibilitychange", tell);
