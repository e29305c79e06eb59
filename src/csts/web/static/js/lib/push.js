/** Notices with every page closed: the address of this browser at its push service, which the desk calls. */

import { keep } from "./http.js";
import { page } from "./page.js";

/** Of what this needs the types know nothing. @typedef {any} Scope */

/**
 * Has the desk call this browser, as each page says anew: its address may be another one by now, and its session.
 * @param {Scope} scope
 * @returns {Promise<boolean>} whether it will; not every browser can, and its push service may be out of reach
 */
export async function subscribe(scope = globalThis) {
  if (!page.push_key || !scope.navigator?.serviceWorker || !scope.PushManager) return false;
  try {
    await scope.navigator.serviceWorker.register("/sw.js");
    const registration = await scope.navigator.serviceWorker.ready;
    const { endpoint, keys } = (await subscriptionOf(registration.pushManager, page.push_key)).toJSON();
    await keep("/push/subscription", { endpoint, keys });
    return true;
  } catch {
    return false;
  }
}

/** The service worker, where it is called; it shows notices on phones, too. @param {Scope} scope */
export async function calledWorker(scope = globalThis) {
  const registration = await scope.navigator?.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ? registration : null;
}

/** What is shown of this person's tickets goes with him. @param {{kind: string}} me @param {Scope} scope */
export async function takeNoticesAway(me, scope = globalThis) {
  const registration = await scope.navigator?.serviceWorker?.getRegistration();
  const shown = (await registration?.getNotifications?.()) ?? [];
  for (const notice of shown) if (notice.tag.startsWith(`csts-${me.kind}-`)) notice.close();
}

/** @param {any} manager @param {string} key */
async function subscriptionOf(manager, key) {
  const before = await manager.getSubscription();
  if (before && textOf(before.options.applicationServerKey) === key) return before;
  // It was made for another key of the desk, and would be refused.
  await before?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** In base64url. @param {ArrayBuffer} bytes */
const textOf = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/gu, "-").replace(/\//gu, "_").replace(/=+$/u, "");
