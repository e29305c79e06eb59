/** Sends a ticket away until a time, and shows until when it is away. */

import { h, icon } from "../lib/dom.js";
import { localValue, presets } from "../lib/snooze.js";
import { coming, exact } from "../lib/time.js";
import { t } from "../lib/words.js";
import { menuButton } from "./menu.js";

/** @typedef {(method: string, path: string, json?: object) => void} Do carries out a request that answers with the ticket */

/** @param {{id: number, snoozed_until?: string|null}} ticket @param {Do} act */
export function snoozeMenu({ id, snoozed_until: until }, act) {
  const path = `/tickets/${id}/snooze`;
  const sleep = (/** @type {Date} */ moment) => act("PUT", path, { until: moment.toISOString() });
  const name = until ? t("Snoozed until {time}", { time: exact(until) }) : t("Snooze");
  const content = until ? [icon("snooze", "small"), h("span", { class: "snooze-time" }, coming(until))] : [icon("snooze", "small")];
  return menuButton({ name, content, class: until ? "button snooze-button snoozed" : "button snooze-button" }, () => [
    ...(until ? [{ name: t("Bring it back now"), icon: "inbox", act: () => act("DELETE", path) }] : []),
    ...presets(new Date()).map((preset) => ({ name: t(preset.name), icon: "clock", hint: coming(preset.until), act: () => sleep(preset.until) })),
    { name: t("Pick a time…"), icon: "more", act: () => pick(sleep) },
  ]);
}

/** @param {(moment: Date) => void} sleep */
function pick(sleep) {
  const field = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "datetime-local", id: "snooze-until", required: true, min: localValue(new Date()), value: localValue(presets(new Date())[0].until) }));
  const cancel = h("button", { type: "button", class: "button quiet", onclick: () => dialog.close() }, t("Cancel"));
  const form = h("form", { method: "dialog", class: "snooze-form", onsubmit: () => sleep(new Date(field.value)) },
    h("label", { for: "snooze-until" }, t("Bring it back on")), field,
    h("div", { class: "dialog-acts" }, cancel, h("button", { class: "button primary" }, t("Snooze"))));
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { "aria-labelledby": "snooze-title", onclose: () => dialog.remove() }, h("h2", { id: "snooze-title" }, t("Snooze until")), form));
  document.body.append(dialog);
  dialog.showModal();
}
