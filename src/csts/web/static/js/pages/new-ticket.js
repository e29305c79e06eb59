/** A new ticket: what was typed outlives a reload and every failure, and goes away only when the ticket is there. */

import { need } from "../lib/dom.js";
import { ForgetfulStorage, storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { newTicketKey } from "../lib/unsent.js";
import { upload } from "../lib/upload.js";
import "../parts/article-suggestions.js";
import { check, onSend, show } from "../parts/form.js";
import "../parts/picture-tray.js";

const form = /** @type {HTMLFormElement} */ (need("#new-ticket"));
const tray = need("picture-tray", form);
const KEY = newTicketKey(page.me?.id);
const shelf = storageOf(globalThis);

/** @returns {Record<string, string>} */
const typed = () => /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));

function keep() {
  try {
    shelf.setItem(KEY, JSON.stringify(typed()));
  } catch {
    // A full store must not stop anybody from writing.
    need("[data-kept]", form).hidden = true;
  }
}

/** Whether somebody has typed or chosen here before this script was there. @param {any} control */
function isTouched(control) {
  if (control instanceof RadioNodeList) return [.../** @type {Iterable<any>} */ (control)].some(({ checked, defaultChecked }) => checked !== defaultChecked);
  if (control instanceof HTMLSelectElement) return [...control.options].some(({ selected, defaultSelected }) => selected !== defaultSelected);
  return control.value !== control.defaultValue;
}

function restore() {
  const kept = JSON.parse(shelf.getItem(KEY) ?? "{}");
  for (const [name, value] of Object.entries(kept)) {
    const control = /** @type {any} */ (form.elements.namedItem(name));
    if (control && !isTouched(control)) control.value = value;
  }
  if (kept.callback_number || (kept.priority && kept.priority !== "medium")) need("details", form).open = true;
}

async function send() {
  const body = new FormData(form);
  if (!body.get("callback_number")) body.delete("callback_number");
  for (const file of tray.files) body.append("screenshots", file, file.name);
  tray.progress(0);
  try {
    const ticket = await upload("/user/createticket", body, (sent) => tray.progress(sent));
    shelf.removeItem(KEY);
    location.assign(`/my/tickets/${ticket.id}?new`);
  } finally {
    tray.progress(-1);
  }
}

restore();
need("[data-kept]", form).hidden = shelf instanceof ForgetfulStorage;
need("article-suggestions", form).look();
form.addEventListener("input", keep);
form.addEventListener("submit", (event) => {
  if (tray.reading) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return tray.reading.then(() => form.requestSubmit());
  }
  const missing = tray.complaint();
  if (!missing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  show(form, [...check(form), missing]);
  if (!form.querySelector("[aria-invalid=true]")) need("input", tray).focus();
});
onSend(form, send);
