/** Single keys for the desk, off while somebody types, and the sheet that lists them. */

import { h, icon } from "../lib/dom.js";
import { sentence, t } from "../lib/words.js";

const KEYS = [
  { keys: ["j", "ArrowDown"], shown: "j", name: sentence("Next ticket"), act: "next" },
  { keys: ["k", "ArrowUp"], shown: "k", name: sentence("Previous ticket"), act: "previous" },
  { keys: ["r"], shown: "r", name: sentence("Reply"), act: "reply" },
  { keys: ["n"], shown: "n", name: sentence("Internal note"), act: "note" },
  { keys: ["c"], shown: "c", name: sentence("Claim the ticket"), act: "claim" },
  { keys: ["s"], shown: "s", name: sentence("Set the status"), act: "status" },
  { keys: ["m"], shown: "m", name: sentence("Run a macro"), act: "macro" },
  { keys: ["/"], shown: "/", name: sentence("Search"), act: "search" },
  { keys: ["Escape"], shown: "Esc", name: sentence("Back to the list"), act: "leave" },
  { keys: ["?"], shown: "?", name: sentence("This sheet"), act: "help" },
];
const OPEN_LAYER = "dialog[open], [popover]:popover-open";

/** @type {HTMLDialogElement|null} */
let sheet = null;

/** @param {Record<string, () => void>} acts by the names above; `help` is the sheet's own */
export function listenToKeys(acts) {
  const known = { ...acts, help: showSheet };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const found = KEYS.find(({ keys }) => keys.includes(event.key));
    if (!found || isBusy(event)) return;
    event.preventDefault();
    known[found.act]?.();
  });
}

/** Typing, a menu and a dialog have their keys for themselves; Esc leaves a field first. @param {KeyboardEvent} event */
function isBusy(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (document.querySelector(OPEN_LAYER)) return true;
  if (target.matches("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") target.blur();
    return true;
  }
  // Arrow keys scroll the thread and move separators; in the list the list itself listens.
  return event.key.startsWith("Arrow") && target !== document.body;
}

export function showSheet() {
  sheet ??= makeSheet();
  sheet.showModal();
}

function makeSheet() {
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => dialog.close() }, icon("close"));
  const rows = KEYS.flatMap(({ shown, name }) => [h("dt", {}, h("kbd", {}, shown)), h("dd", {}, t(name))]);
  const send = [h("dt", {}, h("kbd", {}, "Ctrl"), " ", h("kbd", {}, "Enter")), h("dd", {}, t("Send"))];
  const canned = [h("dt", {}, h("kbd", {}, "/")), h("dd", {}, t("In a message: canned replies"))];
  const title = h("h2", { id: "keys-title" }, t("Keyboard shortcuts"));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "keys-sheet", "aria-labelledby": "keys-title" }, h("div", { class: "keys-head" }, title, close), h("dl", {}, ...rows, ...send, ...canned)));
  document.body.append(dialog);
  return dialog;
}
