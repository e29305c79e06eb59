/** The composer's elements, apart from its behaviour. */

import { h, icon } from "../lib/dom.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";

/** Draws the form; gives the parts that behaviour needs: `{form, text, picker, modes, button, resolve, sendWords, count, hint}`. */
export function drawComposer({ tray, notes, suggestion, gate }) {
  const text = h("textarea", { class: "composer-text", rows: 1, enterkeyhint: "send", dir: "auto", "aria-describedby": "composer-hint" });
  const count = h("span", { class: "composer-count", hidden: true });
  const hint = h("span", { class: "composer-hint", id: "composer-hint", role: "status" });
  const modes = notes ? drawModes() : null;
  const picker = h("input", { type: "file", multiple: true, hidden: true, accept: page.options.attachments.types.join(",") });
  const attach = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("Attach files"), title: t("Attach files"), onclick: () => picker.click() },
    icon("paperclip"),
  );
  const sendWords = h("span", { class: "composer-send-words" }, t("Send"));
  const button = h("button", { type: "submit", class: "button primary composer-send", title: t("Enter sends, Shift+Enter makes a new line") }, icon("send"), sendWords);
  const resolve = notes ? drawResolve() : null;
  // Without this a tap on the button takes the focus and a phone's keyboard goes down after every message.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  const tools = h("div", { class: "composer-tools" }, attach, picker, modes, suggestion?.button, hint, count, resolve, button);
  const form = h("form", { class: "composer", "aria-label": t("Your message") }, gate, suggestion?.place, h("div", { class: "composer-box" }, tray, text, tools));
  return { form, text, picker, modes, button, resolve, sendWords, count, hint };
}

/** For agents: the answer that ends the ticket. */
function drawResolve() {
  const words = t("Answer and resolve");
  const button = h("button", { type: "button", class: "icon-button composer-resolve", "aria-label": words, title: `${words} (Ctrl+Shift+Enter)` }, icon("double-check"));
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  return button;
}

function drawModes() {
  const mode = (value, words, picture) =>
    h("label", { class: "composer-mode" }, h("input", { type: "radio", name: "mode", value, class: "visually-hidden" }), icon(picture, "small"), h("span", { class: "composer-mode-words" }, words));
  return h(
    "fieldset",
    { class: "composer-modes", title: t("Alt+N switches") },
    h("legend", { class: "visually-hidden" }, t("Who will see this")),
    mode("reply", t("Reply"), "chat"),
    mode("note", t("Note"), "lock"),
  );
}

/** Grows the field with its text where the browser does not do so by itself; a style sheet caps the height. */
export function fit(text) {
  if (globalThis.CSS?.supports("field-sizing", "content")) return;
  text.style.setProperty("--height", "auto");
  text.style.setProperty("--height", `${text.scrollHeight}px`);
}
