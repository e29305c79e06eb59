/** `/` in an agent's message: canned replies over the composer, put in where the cursor stands; a macro is sent and done. */

import { afterOf, afterWords, filled, matching, slashAt, valuesOf } from "../lib/canned.js";
import { cannedReplies } from "../lib/canned-replies.js";
import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t, tn } from "../lib/words.js";
import { CannedOptions } from "./canned-options.js";
import { CannedNews } from "./canned-news.js";

/** @typedef {import("../lib/canned.js").Reply} Reply */

export class CannedPicker {
  #room;
  /** @type {{start: number, end: number, query: string}|null} */
  #slash = null;
  /** Where Esc has closed the list: a slash that is meant as one stays one. @type {number|null} */
  #refused = null;
  #isWriting = false;

  /** @param {any} room the <ticket-room> whose composer it serves; its events tell what went wrong */
  constructor(room) {
    this.#room = room;
    this.options = new CannedOptions({ id: "canned-options", choose: (reply) => this.#take(reply) });
    this.news = new CannedNews();
    this.panel = h("div", { class: "canned-picker", hidden: true }, this.options.element, this.news.element);
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.after = h("div", { class: "canned-after", hidden: true });
    // A region that comes with its first words is not read out: this one is there before.
    room.composer.before(this.said, h("div", { role: "status" }, this.after), h("div", { class: "canned-anchor" }, this.panel));
    this.options.element.addEventListener("active", () => this.#slash && this.#activate(this.#slash));
    room.composer.addEventListener("input", (/** @type {InputEvent} */ event) => (this.#disarm(event), this.#read()));
    room.composer.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event), { capture: true });
    room.composer.addEventListener("focusout", () => this.#close());
    room.composer.addEventListener("send", () => this.#forget());
    room.composer.addEventListener("ready", () => this.#dress());
    room.composer.addEventListener("after", (/** @type {CustomEvent} */ event) => this.#announce(event.detail));
    if (room.composer.form) this.#dress();
  }

  /** @returns {HTMLTextAreaElement} */
  get #text() {
    return this.#room.composer.text;
  }

  /** What a reply's text reads here. @param {string} text */
  fill(text) {
    return filled(text, valuesOf(this.#room.ticket, /** @type {any} */ (page.me)));
  }

  /** The composer's own button for those who know no slash, or have no key for it. */
  #dress() {
    const name = t("Canned replies");
    const button = h("button", { type: "button", class: "icon-button", "aria-label": name, title: t("Canned replies: / in a message"), onclick: () => this.#offer() }, icon("bolt"));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    this.#room.composer.form.querySelector(".composer-tools > input").after(button);
    this.#forget();
  }

  /** The field is another one, or empty. */
  #forget() {
    this.#refused = null;
    this.#close();
  }

  #offer() {
    const { value, selectionStart: start, selectionEnd: end } = this.#text;
    this.#refused = null;
    this.#write(/\S/u.test(value.charAt(start - 1)) ? " /" : "/", start, end);
    this.#read();
  }

  #read() {
    if (this.#isWriting) return;
    const { value, selectionStart, selectionEnd } = this.#text;
    const found = slashAt(value, selectionEnd);
    // What undoing brings back comes selected.
    const slash = found && [found.start, found.end].includes(selectionStart) ? found : null;
    if (slash?.start !== this.#refused) this.#refused = null;
    if (!slash || this.#refused !== null) return this.#close();
    const isNew = !this.#slash;
    this.#slash = slash;
    this.#show();
    this.options.first();
    if (isNew) this.#refresh();
  }

  /** What is known is there at once; what others have changed follows. */
  #refresh() {
    cannedReplies.load().then(() => this.#show(), (problem) => this.#slash && this.#tell(this.news.fail(problem)));
  }

  #show() {
    if (!this.#slash) return;
    const found = matching(cannedReplies.all, this.#slash.query);
    this.options.show(found, { said: this.#room.composer.isNote ? t("Note") : t("Reply"), fill: (text) => this.fill(text) });
    this.panel.hidden = false;
    this.#text.setAttribute("aria-autocomplete", "list");
    this.#text.setAttribute("aria-haspopup", "listbox");
    this.#text.setAttribute("aria-controls", this.options.element.id);
    this.#activate(this.#slash);
    this.#tell(found.length ? tn("{count} canned reply. Up and down choose, Enter puts it in.", "{count} canned replies. Up and down choose, Enter puts one in.", found.length) : this.news.none({ isKnown: cannedReplies.isKnown, any: cannedReplies.all.length > 0 }));
  }

  /** @param {{start: number, end: number}} slash */
  #activate({ start, end }) {
    const { active } = this.options;
    this.options.tell(this.#text);
    if (active) this.news.keys(afterOf(active) && this.#isAlone(start, end) ? t("runs it") : t("puts it in"));
  }

  /** What was to be done goes with the text that it came with. @param {InputEvent} event */
  #disarm({ inputType }) {
    const { composer } = this.#room;
    const isGone = inputType === "historyUndo" || (!this.#text.value.trim() && composer.tray.isEmpty);
    if (composer.after && isGone && !this.#isWriting) composer.after = null;
  }

  /** Nothing else is written. @param {number} start @param {number} end */
  #isAlone(start, end) {
    return !(this.#text.value.slice(0, start) + this.#text.value.slice(end)).trim() && this.#room.composer.tray.isEmpty;
  }

  #close() {
    this.#slash = null;
    this.panel.hidden = true;
    this.#tell("");
    for (const name of ["aria-autocomplete", "aria-haspopup", "aria-controls", "aria-activedescendant"]) this.#text?.removeAttribute(name);
  }

  /** @param {string} words */
  #tell(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  /** Before the composer hears it: with the list open Enter chooses, and does not send. @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#slash || event.target !== this.#text || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { active } = this.options;
    // A shortcut that was mistyped must not go to a customer: the first Enter only closes the list.
    if (event.key === "Escape" || (event.key === "Enter" && !active)) this.#refuse();
    else if (active && (event.key === "Enter" || event.key === "Tab")) this.#take(active);
    else if (!this.options.walk(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #refuse() {
    this.#refused = this.#slash?.start ?? null;
    this.#close();
  }

  /** @param {Reply} reply */
  #take(reply) {
    const slash = this.#slash;
    this.#close();
    if (slash) this.put(reply, slash.start, slash.end);
  }

  /**
   * Puts a reply in place of what stands between; a macro is sent and done at once, unless something else is written, or the
   * ticket whose names are to be filled in is not here yet: then it waits for the agent to send all of it.
   * @param {Reply} reply @param {number} start @param {number} end
   */
  put(reply, start, end) {
    const { composer } = this.#room;
    const after = afterOf(reply);
    const isAlone = this.#isAlone(start, end);
    this.#write(this.fill(reply.text), start, end);
    if (!after) return;
    if (isAlone && !reply.text) return this.#do(after);
    composer.after = after;
    if (isAlone && this.#room.ticket) composer.submit();
  }

  /** @param {import("../lib/canned.js").After} after */
  async #do(after) {
    const { ticket } = this.#room;
    try {
      this.#room.took((await post(`/tickets/${this.#room.getAttribute("ticket-id")}/answer`, after)).ticket);
    } catch (problem) {
      const why = /** @type {Error} */ (problem).message;
      this.#room.dispatchEvent(new CustomEvent("complaint", { detail: t("{number}: nothing was done. {why}", { number: ticket?.ticket_no ?? "", why: t(why) }), bubbles: true }));
    }
  }

  /** Through the browser's own editing, for nothing else leaves it undoable. @param {string} words @param {number} start @param {number} end */
  #write(words, start, end) {
    this.#isWriting = true;
    this.#text.focus();
    this.#text.setSelectionRange(start, end);
    const isDone = words ? document.execCommand("insertText", false, words) : start === end || document.execCommand("delete");
    if (!isDone) {
      this.#text.setRangeText(words, start, end, "end");
      this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.#isWriting = false;
  }

  /** @param {import("../lib/canned.js").After|null} after */
  #announce(after) {
    this.after.hidden = !after;
    if (!after) return this.after.replaceChildren();
    const leave = h("button", { type: "button", class: "icon-button", "aria-label": t("Only send it"), title: t("Only send it"), onclick: () => ((this.#room.composer.after = null), this.#text.focus()) }, icon("close", "small"));
    this.after.replaceChildren(icon("bolt", "small"), h("p", {}, t("When you send this: {effects}", { effects: afterWords(after) })), leave);
  }
}
