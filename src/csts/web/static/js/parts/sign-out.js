/** The way out: what was written and not sent is saved, or asked about, and then nothing of it stays in this browser. */

import { h } from "../lib/dom.js";
import { offline, speaker } from "../lib/http.js";
import { closeStorage, storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { takeNoticesAway } from "../lib/push.js";
import { DOORS, tellSignedOut } from "../lib/session.js";
import { forgetPerson, unsentOf } from "../lib/unsent.js";
import { t, tn } from "../lib/words.js";
import { toast } from "./toast.js";

const SAVE_WITHIN_MS = 5000;

export async function signOut() {
  const me = page.me;
  if (!me) return;
  // Whatever still holds words writes them down: they are looked at next.
  document.dispatchEvent(new CustomEvent("signing-out"));
  const { messages, drafts, texts } = unsentOf(storageOf(globalThis), me);
  const saved = await Promise.all(drafts.map(save));
  const lost = [...linesOf(messages, texts + saved.filter((isSaved) => !isSaved).length)];
  if (lost.length && !(await isMeant(lost))) return;
  const response = await fetch(`${DOORS[me.kind].api}/logout`, { method: "POST", headers: speaker() }).catch(() => null);
  // The session lives on, and somebody who believes that he has left would leave it behind.
  if (!response || response.status >= 500) return toast(offline().detail, { tone: "urgent" });
  leave(me);
}

/** Nothing of what he wrote stays here, in this tab or in another one. @param {import("../lib/unsent.js").Person} me */
export async function leave(me) {
  closeStorage();
  forgetPerson(storageOf(globalThis), me);
  tellSignedOut(me);
  await takeNoticesAway(me).catch(() => {});
  location.assign(DOORS[me.kind].page);
}

/** Says whether the server keeps it now. @param {{path: string, text: string, after: number|null}} draft */
async function save({ path, text, after }) {
  // Not by way of lib/http: a session that has ended meanwhile must not be asked for again here.
  const options = text.trim()
    ? { method: "PUT", headers: { ...speaker(), "Content-Type": "application/json" }, body: JSON.stringify({ content: text, after }) }
    : { method: "DELETE", headers: speaker() };
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(SAVE_WITHIN_MS) }).catch(() => null);
  return Boolean(answer?.ok) || !text.trim();
}

/** @param {number} messages @param {number} texts */
function* linesOf(messages, texts) {
  if (messages) yield tn("One message has not been sent yet.", "{count} messages have not been sent yet.", messages);
  if (texts) yield tn("One text that you have begun is kept in this browser alone.", "{count} texts that you have begun are kept in this browser alone.", texts);
}

/** @param {string[]} lost @returns {Promise<boolean>} */
function isMeant(lost) {
  return new Promise((resolve) => {
    const stay = h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("Stay signed in"));
    const go = h("button", { type: "button", class: "button danger", onclick: () => dialog.close("go") }, t("Delete and sign out"));
    const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "leave-title", "aria-describedby": "leave-text", onclose: () => (dialog.remove(), resolve(dialog.returnValue === "go")) },
      h("div", { class: "stack" },
        h("h2", { id: "leave-title" }, t("Sign out all the same?")),
        h("div", { class: "stack", id: "leave-text" },
          ...lost.map((line) => h("p", {}, h("strong", {}, line))),
          h("p", {}, t("Whoever uses this browser next must not read it, so it is deleted here when you sign out."))),
        h("div", { class: "dialog-acts" }, stay, go))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
