/** Short notices over the page: what went wrong, or what one may do next. Screen readers hear them. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const STAYS_MS = 8000;

// Both stand in the page before there is anything to say: a region that comes with its first words is not read out.
const calm = h("div", { role: "status" });
const pressing = h("div", { role: "alert" });
document.body.append(h("div", { class: "toasts" }, calm, pressing));

/**
 * @param {string} text
 * @param {{tone?: "info"|"urgent", action?: {name: string, act: () => void, key?: string}, stays?: number}} options an action
 *   keeps it until it is answered, or until `hush`; with `stays` it is there for that long, whatever is looked at
 */
export function toast(text, { tone = "info", action, stays } = {}) {
  const leave = () => note.remove();
  const note = h("div", { class: `toast ${tone}`, "data-lasting": stays !== undefined }, icon(tone === "urgent" ? "alert" : "info"), h("p", {}, text),
    action ? h("button", { type: "button", class: "button", onclick: () => (leave(), action.act()) }, action.name, action.key ? h("kbd", { "aria-hidden": "true" }, action.key) : null) : null,
    h("button", { type: "button", class: "icon-button", "aria-label": t("Dismiss"), onclick: leave }, icon("close", "small")));
  // One at a time: a stack of notices is read by nobody.
  for (const region of [calm, pressing]) region.replaceChildren();
  (tone === "urgent" ? pressing : calm).append(note);
  if (stays || !action) leaveAfter(note, stays ?? STAYS_MS);
}

/** Not from under the pointer, nor from under the focus. @param {HTMLElement} note @param {number} ms */
function leaveAfter(note, ms) {
  setTimeout(() => (note.matches(":hover, :focus-within") ? leaveAfter(note, ms) : note.remove()), ms);
}

/** Takes back what was said about the ticket in view: another one is looked at. */
export function hush() {
  for (const note of document.querySelectorAll(".toast:not([data-lasting])")) note.remove();
}
