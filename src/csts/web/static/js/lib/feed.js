/** A live list: frames as they come, and a word whenever the line is back, because then something may have been missed. */

import { renew } from "./http.js";
import { page } from "./page.js";
import { LiveSocket } from "./socket.js";

/**
 * @param {string} path such as /ws/inbox
 * @param {{frame: (frame: any) => void, back?: () => void, state?: (state: string) => void}} heard
 *   `back` is called at each `ready` but the first
 * @returns {LiveSocket} call `close()` on it when the list goes away
 */
export function openFeed(path, heard) {
  const line = new LiveSocket({ path, base: location.href, as: page.me?.kind ?? null, renew: () => renew().then(() => true, () => false) });
  let readies = 0;
  line.addEventListener("frame", (event) => {
    const frame = /** @type {CustomEvent} */ (event).detail;
    if (frame.type === "ready" && ++readies > 1) heard.back?.();
    heard.frame(frame);
  });
  line.addEventListener("state", (event) => heard.state?.(/** @type {CustomEvent} */ (event).detail.state));
  document.addEventListener("visibilitychange", () => !document.hidden && line.wake());
  globalThis.addEventListener("online", () => line.wake());
  line.open();
  return line;
}
