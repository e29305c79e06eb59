/** The form in which an agent writes a canned reply. */

import { CANNED, EMPTY, FIELDS, PLACEHOLDERS } from "../lib/canned.js";
import { h, need } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** @type {import("./edit-dialog.js").Edited} */
export const REPLY_FORM = {
  kind: CANNED,
  fields: FIELDS,
  empty: EMPTY,
  path: "/canned",
  noun: "reply",
  title: (reply) => (reply ? t("Edit {name}", { name: reply.title }) : t("New canned reply")),

  fill({ elements }, { shortcut, title, text, status, priority, assign, shared }) {
    elements.shortcut.value = shortcut;
    elements.namedItem("title").value = title;
    elements.namedItem("text").value = text;
    elements.status.value = status ?? "";
    elements.priority.value = priority ?? "";
    elements.assign.checked = assign;
    elements.shared.checked = shared;
  },

  typed({ elements }) {
    return {
      shortcut: elements.shortcut.value.trim().replace(/^\//u, "").toLowerCase(),
      title: elements.namedItem("title").value.trim(),
      text: elements.namedItem("text").value.trim(),
      status: elements.status.value || null,
      priority: elements.priority.value || null,
      assign: elements.assign.checked,
      shared: elements.shared.checked,
    };
  },
};

/** Buttons that put a blank where the cursor stands. @param {HTMLFormElement} form */
export function offerPlaceholders(form) {
  const text = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const put = (/** @type {string} */ blank) => {
    text.setRangeText(`{{${blank}}}`, text.selectionStart, text.selectionEnd, "end");
    text.focus();
  };
  const buttons = Object.entries(PLACEHOLDERS).map(([blank, name]) => h("button", { type: "button", class: "button", title: `{{${blank}}}`, onclick: () => put(blank) }, t(name)));
  need("[data-placeholders]", form).replaceChildren(...buttons);
}
