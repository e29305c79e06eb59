/** A list over the composer that a sign in the text opens: walked by keys while the focus stays in the field, and put in where the caret stands. */

import { h } from "../lib/dom.js";

/**
 * @typedef {{start: number, end: number, query: string}} Place the sign with what is typed behind it
 * @typedef {{
 *   options: import("./option-list.js").OptionList<any>, foot: HTMLElement, find: (text: string, caret: number) => Place|null,
 *   show: (query: string) => string, refresh: () => void, take: (item: any, place: Place) => void, active?: (item: any, place: Place) => void,
 * }} Choice
 *   `show` fills the options and gives what is said of them; `refresh` is called when the list opens
 */

export class Completion {
  #composer;
  #choice;
  /** @type {Place|null} */
  #place = null;
  /** Where Esc has closed the list: a sign that is meant as one stays one. @type {number|null} */
  #refused = null;
  #isWriting = false;

  /** @param {any} composer the <chat-composer> that it serves @param {Choice} choice */
  constructor(composer, choice) {
    this.#composer = composer;
    this.#choice = choice;
    this.panel = h("div", { class: "completion", hidden: true }, choice.options.element, choice.foot);
    this.said = h("p", { class: "visually-hidden", role: "status" });
    // A region that comes with its first words is not read out: this one is there before.
    composer.before(this.said, h("div", { class: "completion-anchor" }, this.panel));
    choice.options.element.addEventListener("active", () => this.#place && this.#activate(this.#place));
    composer.addEventListener("input", () => this.#read());
    composer.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event), { capture: true });
    // Also when it turns from a reply into a note.
    for (const gone of ["focusout", "quiet"]) composer.addEventListener(gone, () => this.#close());
    composer.addEventListener("send", () => this.forget());
  }

  /** @returns {HTMLTextAreaElement} */
  get #text() {
    return this.#composer.text;
  }

  get isOpen() {
    return this.#place !== null;
  }

  /** Whether what changes in the field is put in here, and not typed. */
  get isWriting() {
    return this.#isWriting;
  }

  /** The field is another one, or empty. */
  forget() {
    this.#refused = null;
    this.#close();
  }

  /** Opens the list for those who have no key for the sign. @param {string} sign */
  offer(sign) {
    const { value, selectionStart: start, selectionEnd: end } = this.#text;
    this.#refused = null;
    this.write(/\S/u.test(value.charAt(start - 1)) ? ` ${sign}` : sign, start, end);
    this.#read();
  }

  /** There is something else to choose from now. */
  redraw() {
    if (!this.#place) return;
    this.say(this.#choice.show(this.#place.query));
    this.panel.hidden = false;
    this.#text.setAttribute("aria-autocomplete", "list");
    this.#text.setAttribute("aria-haspopup", "listbox");
    this.#text.setAttribute("aria-controls", this.#choice.options.element.id);
    this.#activate(this.#place);
  }

  /** @param {string} words */
  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  /** Through the browser's own editing, for nothing else leaves it undoable. @param {string} words @param {number} start @param {number} end */
  write(words, start, end) {
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

  #read() {
    if (this.#isWriting) return;
    const { value, selectionStart, selectionEnd } = this.#text;
    const found = this.#choice.find(value, selectionEnd);
    // What undoing brings back comes selected.
    const place = found && [found.start, found.end].includes(selectionStart) ? found : null;
    if (place?.start !== this.#refused) this.#refused = null;
    if (!place || this.#refused !== null) return this.#close();
    const isNew = !this.#place;
    this.#place = place;
    this.redraw();
    this.#choice.options.first();
    if (isNew) this.#choice.refresh();
  }

  /** @param {Place} place */
  #activate(place) {
    const { options, active } = this.#choice;
    options.tell(this.#text);
    if (options.active) active?.(options.active, place);
  }

  /** Of two lists at one field the one that is closed takes nothing from the one that is open. */
  #close() {
    if (!this.#place) return;
    this.#place = null;
    this.panel.hidden = true;
    this.say("");
    for (const name of ["aria-autocomplete", "aria-haspopup", "aria-controls", "aria-activedescendant"]) this.#text?.removeAttribute(name);
  }

  /** Before the composer hears it: with the list open Enter chooses, and does not send. @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#place || event.target !== this.#text || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const { options } = this.#choice;
    // What was mistyped must not go out: the first Enter only closes the list.
    if (event.key === "Escape" || (event.key === "Enter" && !options.active)) this.#refuse();
    else if (options.active && (event.key === "Enter" || event.key === "Tab")) this.choose(options.active);
    else if (!options.walk(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #refuse() {
    this.#refused = this.#place?.start ?? null;
    this.#close();
  }

  /** @param {any} item */
  choose(item) {
    const place = this.#place;
    this.#close();
    if (place) this.#choice.take(item, place);
  }
}
