/** How this person wants the desk, as the server keeps it. Other tabs of this browser hear of a change at once. */

import { put } from "./http.js";
import { storageOf } from "./outbox.js";
import { page } from "./page.js";

/**
 * @typedef {{sound: boolean, notifications: boolean, notification_text: boolean, notify_about: "mine"|"unassigned"|"all",
 *   shortcuts: boolean, theme: "system"|"light"|"dark"|null}} Preferences
 */

/** @type {Preferences} */
const UNKNOWN = { sound: true, notifications: false, notification_text: true, notify_about: "unassigned", shortcuts: true, theme: null };

/** What holds now; the event `preferences` of the document tells of changes. @type {Preferences} */
export const preferences = { ...UNKNOWN, ...page.preferences };

const shelf = storageOf(globalThis);
const keyOf = () => `csts:preferences:${page.me?.kind}-${page.me?.id}`;

/** @param {Partial<Preferences>} changes @throws {import("./http.js").Problem} and nothing has changed then */
export async function choose(changes) {
  const told = await put("/preferences", changes);
  take(told);
  try {
    shelf.setItem(keyOf(), JSON.stringify(told));
  } catch {
    // A full device: the other tabs read it with their next page.
  }
}

export function followPreferences(scope = globalThis) {
  scope.addEventListener("storage", (/** @type {StorageEvent} */ { key, newValue }) => {
    if (page.me && key === keyOf() && newValue) take(JSON.parse(newValue));
  });
}

/** @param {Preferences} told */
function take(told) {
  Object.assign(preferences, told);
  document.dispatchEvent(new CustomEvent("preferences"));
}
