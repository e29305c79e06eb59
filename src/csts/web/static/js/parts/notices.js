/** Notices: a sound and a notification of the browser, for what somebody does not see anyway. */

import { Ear, concerns } from "../lib/notices.js";
import { asset, page } from "../lib/page.js";
import { preferences } from "../lib/preferences.js";
import { calledWorker } from "../lib/push.js";
import { t } from "../lib/words.js";
import { ring } from "./sound.js";
import { isAttended, isInView } from "./tabs.js";

/** @typedef {import("../lib/notices.js").Notice} Notice */

/** Asks for it, and tells the document by `permission` that it was answered: browsers show the question only after a click, and only once. */
export async function ask() {
  if (permission() === "default") await Notification.requestPermission();
  document.dispatchEvent(new CustomEvent("permission"));
  return permission();
}

/** What a notice is like: the sound, and a notification where they are on. */
export function sample() {
  if (preferences.sound) ring();
  if (isWanted()) notify(page.brand, t("This is what a notice looks like."), { tag: "csts-sample" });
}

/** Whether this browser may show notifications: `granted`, `denied`, `default` while it was not asked, or `none`. */
export const permission = () => (globalThis.Notification ? Notification.permission : "none");

const isWanted = () => preferences.notifications && permission() === "granted";

/**
 * Listens to the live line of a list.
 * @param {(id: number) => void} open shows a ticket
 */
export function noticesOf(open) {
  const me = /** @type {import("../lib/page.js").Me} */ (page.me);
  const ear = new Ear(me);
  followWorker(open);
  return {
    know: (/** @type {import("../lib/notices.js").Row[]} */ rows) => ear.know(rows),
    /** What it was a notice of, or null. */
    hear: (/** @type {any} */ frame) => {
      const notice = ear.hear(frame);
      if (notice && concerns(notice, preferences, me)) tell(notice, open);
      return notice;
    },
  };
}

/** Tells of it, unless somebody is looking at it. @param {Notice} notice @param {(id: number) => void} open */
export async function tell(notice, open) {
  // Who sits before the desk sees what is given to him, and may have taken it himself.
  if (notice.kind === "assigned" && isAttended()) return;
  if (await isInView(notice.row.id)) return;
  if (preferences.sound) ring();
  if (isWanted()) show(notice, open);
}

/** One for each ticket: a later one takes the place of the one before. @param {Notice} notice @param {(id: number) => void} open */
function show({ kind, row }, open) {
  const quotes = preferences.notification_text;
  const said = (quotes && row.last_message_preview) || t("A new message");
  const body = { opened: t("A new ticket"), assigned: t("Handed over to you"), mentioned: t("{name} mentioned you", { name: row.mentioned?.by.name ?? "" }), message: said }[kind];
  const home = page.me?.kind === "agent" ? "/desk/tickets" : "/my/tickets";
  notify(quotes ? row.subject : row.ticket_no, body, { tag: `csts-${page.me?.kind}-${row.id}`, data: { path: `${home}/${row.id}`, ticket_id: row.id }, open: () => open(row.id) });
}

/** @param {string} title @param {string} body @param {{tag: string, data?: {path: string, ticket_id: number}, open?: () => void}} options */
async function notify(title, body, { tag, data, open = () => {} }) {
  const shown = { body, tag, icon: asset("mark.svg"), lang: page.locale };
  // Where the desk calls this browser they are the worker's: what both tell is shown once.
  const worker = data && (await calledWorker());
  if (worker) return worker.showNotification(title, { ...shown, data });
  try {
    const own = new Notification(title, shown);
    own.addEventListener("click", () => {
      own.close();
      focus();
      open();
    });
  } catch {
    // Phones show none from a page without a service worker; the sound and the title have told.
  }
}

/** Clicks on what the service worker shows lead into this page. @param {(id: number) => void} open */
function followWorker(open) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.open && open(data.open));
}
