/** Short notices over the page: what went wrong, or what one may do next. Screen readers hear them. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const STAYS_MS = 8000;
/** @type {HTMLElement|null} */
let shelf = null;

/**
 * @param {string} text
 * @param {{tone?: "info"|"urgent", action?: {name: string, act: () => void}}} options an action keeps it until it is answered
 */
export function toast(text, { tone = "info", action } = {}) {
  shelf ??= putShelf();
  const leave = () => note.remove();
  const note = h("div", { class: `toast ${tone}` }, icon(tone === "urgent" ? "alert" : "info"), h("p", {}, text),
    action ? h("button", { type: "button", class: "button", onclick: () => (leave(), action.act()) }, action.name) : null,
    h("button", { type: "button", class: "icon-button", "aria-label": t("Dismiss"), onclick: leave }, icon("close", "small")));
  shelf.replaceChildren(note);
  if (!action) setTimeout(leave, STAYS_MS);
}

/** One at a time: a stack of notices is read by nobody. */
export const hush = () => shelf?.replaceChildren();

function putShelf() {
  const element = h("div", { class: "toasts", role: "status" });
  document.body.append(element);
  return element;
}
