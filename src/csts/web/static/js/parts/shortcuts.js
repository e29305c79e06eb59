/** The keys of an agent's page, single ones off while somebody types, and the sheet that lists them. */

import { commands, isBare, isCharacter, keysOf, pressOf } from "../lib/commands.js";
import { h, icon } from "../lib/dom.js";
import { earlyKeys, FIELDS } from "../lib/early-keys.js";
import { choose, preferences } from "../lib/preferences.js";
import { t } from "../lib/words.js";

const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** Listens for as long as the page lives, and takes the keys that were pressed before. */
export function listenToKeys() {
  document.addEventListener("keydown", hear);
  earlyKeys.pass(hear);
}

/** @param {KeyboardEvent} event */
function hear(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const press = pressOf(event);
  if (isCharacter(press) && !preferences.shortcuts) return;
  const command = commands.forKey(press);
  if (!command || isBusy(event, press)) return;
  event.preventDefault();
  // Whoever rests his hand on a key does not mean to solve ten tickets.
  if (!event.repeat || command.repeats) command.act();
}

/** Typing, a menu and a dialog have their keys for themselves; Esc leaves a field first. @param {KeyboardEvent} event @param {string} press */
function isBusy(event, press) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (document.querySelector("dialog[open]")) return true;
  if (!isBare(press)) return false;
  if (document.querySelector("[popover]:popover-open")) return true;
  if (target.matches(FIELDS)) {
    if (press === "Escape") target.blur();
    return true;
  }
  // Arrow keys scroll the thread and move separators; in the list the list itself listens.
  return press.startsWith("Arrow") && target !== document.body;
}

/** @param {string} press @returns {HTMLElement[]} */
export const keycaps = (press) => keysOf(press, isMac).map((key) => h("kbd", {}, key));

export function showSheet() {
  const sheet = makeSheet();
  document.body.append(sheet);
  sheet.addEventListener("close", () => sheet.remove());
  sheet.showModal();
}

function makeSheet() {
  const close = h("button", { type: "button", class: "icon-button", "aria-label": t("Close"), onclick: () => dialog.close() }, icon("close"));
  const rows = commands.withKeys.flatMap(({ name, keys: [shown] = [] }) => [h("dt", {}, ...keycaps(shown)), h("dd", {}, name)]);
  const title = h("h2", { id: "keys-title" }, t("Keyboard shortcuts"));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "keys-sheet", "aria-labelledby": "keys-title" }, h("div", { class: "keys-head" }, title, close), offSwitch(), h("dl", {}, ...rows)));
  return dialog;
}

/** For whoever dictates, or hits keys that he does not mean. */
function offSwitch() {
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", id: "keys-on", onchange: () => set() }));
  const error = h("p", { class: "error", role: "alert" });
  box.checked = preferences.shortcuts;
  const set = async () => {
    error.textContent = "";
    try {
      await choose({ shortcuts: box.checked });
    } catch (problem) {
      error.textContent = /** @type {Error} */ (problem).message;
      box.checked = preferences.shortcuts;
    }
  };
  return h("div", { class: "switch" }, box, h("label", { for: "keys-on" }, t("Single keys")), h("p", { class: "hint" }, t("Those without Ctrl. Off, they do nothing; the rest goes on.")), error);
}
