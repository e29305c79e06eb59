/** `m` on the desk: every macro with what it does, and Enter does it. */

import { afterOf, matching } from "../lib/canned.js";
import { cannedReplies } from "../lib/canned-replies.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/words.js";
import { CannedNews } from "./canned-news.js";
import { cannedOptions } from "./canned-options.js";

export class MacroDialog {
  #room;
  #picker;

  /** @param {any} room @param {import("./canned-picker.js").CannedPicker} picker which knows how to put one in */
  constructor(room, picker) {
    this.#room = room;
    this.#picker = picker;
    this.options = cannedOptions({ id: "macro-options", choose: (reply) => this.#run(reply), said: () => t("Reply"), fill: (text) => picker.fill(text) });
    this.news = new CannedNews();
    this.field = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "text", role: "combobox", "aria-expanded": "true", "aria-autocomplete": "list", "aria-controls": this.options.element.id, "aria-label": t("Which macro"), placeholder: t("Run a macro"), autocomplete: "off", maxlength: 80 }));
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "macro-dialog", "aria-label": t("Run a macro") }, this.field, this.options.element, this.news.element, this.said));
    this.field.addEventListener("input", () => (this.#show(), this.options.first()));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.options.element.addEventListener("active", () => this.options.tell(this.field));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.body.append(this.dialog);
  }

  open() {
    this.field.value = "";
    this.#show();
    this.options.first();
    this.dialog.showModal();
    cannedReplies.load().then(() => this.#show(), (problem) => (this.said.textContent = this.news.fail(problem)));
  }

  #show() {
    const macros = cannedReplies.all.filter((reply) => afterOf(reply));
    const found = matching(macros, this.field.value);
    this.options.show(found);
    if (found.length) this.news.keys(t("runs it"));
    this.said.textContent = found.length ? "" : this.news.none({ isKnown: cannedReplies.isKnown, any: macros.length > 0 });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || !this.options.active) return;
    if (event.key === "Enter") this.#run(this.options.active);
    else if (!this.options.walk(event.key)) return;
    event.preventDefault();
  }

  /** The focus goes back to where it was: whoever goes on with the next ticket by its key must not type that key. @param {import("../lib/canned.js").Reply} reply */
  #run(reply) {
    this.dialog.close();
    const { composer } = this.#room;
    const before = /** @type {HTMLElement|null} */ (document.activeElement);
    composer.switchTo("reply");
    const { selectionStart, selectionEnd } = composer.text;
    this.#picker.put(reply, selectionStart, selectionEnd);
    if (composer.after || before === composer.text) return;
    composer.text.blur();
    before?.focus({ preventScroll: true });
  }
}
