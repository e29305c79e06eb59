/** A live list: frames as they come, and a word whenever something may have been missed. */

import { onReturn } from "./gate.js";
import { get, renew } from "./http.js";
import { page } from "./page.js";
import { LiveSocket } from "./socket.js";

const POLL_AFTER_FAILURES = 2;
const POLL_EVERY_MS = 15_000;

/** @typedef {"online"|"reconnecting"|"slow"|"stopped"} Connection `slow` is HTTP without sockets */

/**
 * @param {string} path such as /ws/inbox
 * @param {{frame: (frame: any) => void, first?: () => void, back?: () => void, connection?: (connection: Connection) => void}} heard
 *   `first` is called when the line is there: what was read before may be old, and nobody has told; `back` when it is
 *   back after a loss, and now and then while there is none. The list reads itself anew
 * @returns {LiveSocket} call `close()` on it when the list goes away
 */
export function openFeed(path, heard) {
  const leave = new AbortController();
  const { signal } = leave;
  const line = new LiveSocket({ path, base: location.href, as: page.me?.kind ?? null, renew: () => renew().then(() => true, () => false) });
  const poll = pollingOf(line, heard);
  let wasOnline = false;
  line.addEventListener("frame", (event) => heard.frame(/** @type {CustomEvent} */ (event).detail));
  line.addEventListener("state", (event) => {
    const { state } = /** @type {CustomEvent} */ (event).detail;
    if (state === "stopped") leave.abort();
    if (state === "online") (wasOnline ? heard.back : heard.first)?.();
    wasOnline ||= state === "online";
    if (state === "online" || state === "stopped") heard.connection?.(state);
    poll(state);
  });
  onReturn(() => line.wake(), { signal });
  document.addEventListener("session-renewed", () => line.replace(), { signal });
  line.open();
  return line;
}

/**
 * Where sockets are blocked the list is at least not old.
 * @param {LiveSocket} line @param {{back?: () => void, connection?: (connection: Connection) => void}} heard
 */
function pollingOf(line, heard) {
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;
  const ask = async () => {
    const worked = await get("/options").then(() => true, () => false);
    if (timer === undefined) return;
    heard.connection?.(worked ? "slow" : "reconnecting");
    if (worked) heard.back?.();
  };
  const begin = () => {
    timer = setInterval(ask, POLL_EVERY_MS);
    ask();
  };
  return (/** @type {string} */ state) => {
    if (state === "online" || state === "stopped") timer = void clearInterval(timer);
    else if (state === "offline" && line.failures < POLL_AFTER_FAILURES) heard.connection?.("reconnecting");
    else if (state === "offline" && timer === undefined) begin();
  };
}
