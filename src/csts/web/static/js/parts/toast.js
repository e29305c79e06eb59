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
 * @param {{tone?: "info"|"urgent", action?: {name: string, act: () => void}}} options an action keeps it until it is answered
 */
export function toast(text, { tone = "info", action } = {}) {
  const leave = () => note.remove();
  const note = h("div", { class: `toast ${tone}` }, icon(tone === "urgent" ? "alert" : "info"), h("p", {}, text),
    action ? h("button", { type: "button", class: "button", onclick: () => (leave(), action.act()) }, action.name) : null,
    h("button", { type: "button", class: "icon-button", "aria-label": t("Dismiss"), onclick: leave }, icon("close", "small")));
  hush();
  (tone === "urgent" ? pressing : calm).append(note);
  if (!action) setTimeout(leave, STAYS_MS);
}

/** One at a time: a stack of notices is read by nobody. */
export function hush() {
  calm.replaceChildren();
  pressing.replaceChildren();
}
