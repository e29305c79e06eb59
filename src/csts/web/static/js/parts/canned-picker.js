/** `/` in an agent's message: canned replies over the composer, put in where the cursor stands; a macro is sent and done. */

import { afterOf, afterWords, filled, matching, slashAt, valuesOf } from "../lib/canned.js";
import { cannedReplies } from "../lib/canned-replies.js";
import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t, tn } from "../lib/words.js";
import { cannedOptions } from "./canned-options.js";
import { CannedNews } from "./canned-news.js";
import { Completion } from "./completion.js";

/** @typedef {import("../lib/canned.js").Reply} Reply */
/** @typedef {import("./completion.js").Place} Place */

export class CannedPicker {
  #room;
  #completion;

  /** @param {any} room the <ticket-room> whose composer it serves; its events tell what went wrong */
  constructor(room) {
    const { composer } = room;
    this.#room = room;
    this.news = new CannedNews();
    this.options = cannedOptions({ id: "canned-options", choose: (reply) => this.#completion.choose(reply), said: () => (composer.isNote ? t("Note") : t("Reply")), fill: (text) => this.fill(text) });
    this.after = h("div", { class: "canned-after", hidden: true });
    composer.before(h("div", { role: "status" }, this.after));
    this.#completion = new Completion(composer, {
      options: this.options,
      foot: this.news.element,
      find: slashAt,
      show: (query) => this.#show(query),
      refresh: () => this.#refresh(),
      take: (reply, { start, end }) => this.put(reply, start, end),
      active: (reply, place) => this.news.keys(afterOf(reply) && this.#isAlone(place) ? t("runs it") : t("puts it in")),
    });
    composer.addEventListener("input", (/** @type {InputEvent} */ event) => this.#disarm(event));
    composer.addEventListener("ready", () => this.#dress());
    composer.addEventListener("after", (/** @type {CustomEvent} */ event) => this.#announce(event.detail));
    if (composer.form) this.#dress();
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
    const button = h("button", { type: "button", class: "icon-button", "aria-label": name, title: t("Canned replies: / in a message"), onclick: () => this.#completion.offer("/") }, icon("bolt"));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    this.#room.composer.form.querySelector(".composer-tools > input").after(button);
    this.#completion.forget();
  }

  /** What is known is there at once; what others have changed follows. */
  #refresh() {
    const fail = (/** @type {Error} */ problem) => this.#completion.isOpen && this.#completion.say(this.news.fail(problem));
    cannedReplies.load().then(() => this.#completion.redraw(), fail);
  }

  /** @param {string} query */
  #show(query) {
    const found = matching(cannedReplies.all, query);
    this.options.show(found);
    return found.length ? tn("{count} canned reply. Up and down choose, Enter puts it in.", "{count} canned replies. Up and down choose, Enter puts one in.", found.length) : this.news.none({ isKnown: cannedReplies.isKnown, any: cannedReplies.all.length > 0 });
  }

  /** What was to be done goes with the text that it came with. @param {InputEvent} event */
  #disarm({ inputType }) {
    const { composer } = this.#room;
    const isGone = inputType === "historyUndo" || (!this.#text.value.trim() && composer.tray.isEmpty);
    if (composer.after && isGone && !this.#completion.isWriting) composer.after = null;
  }

  /** Nothing else is written. @param {{start: number, end: number}} place */
  #isAlone({ start, end }) {
    return !(this.#text.value.slice(0, start) + this.#text.value.slice(end)).trim() && this.#room.composer.tray.isEmpty;
  }

  /**
   * Puts a reply in place of what stands between; a macro is sent and done at once, unless something else is written, or the
   * ticket whose names are to be filled in is not here yet: then it waits for the agent to send all of it.
   * @param {Reply} reply @param {number} start @param {number} end
   */
  put(reply, start, end) {
    const { composer } = this.#room;
    const after = afterOf(reply);
    const isAlone = this.#isAlone({ start, end });
    this.#completion.write(this.fill(reply.text), start, end);
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

  /** @param {import("../lib/canned.js").After|null} after */
  #announce(after) {
    this.after.hidden = !after;
    if (!after) return this.after.replaceChildren();
    const leave = h("button", { type: "button", class: "icon-button", "aria-label": t("Only send it"), title: t("Only send it"), onclick: () => ((this.#room.composer.after = null), this.#text.focus()) }, icon("close", "small"));
    this.after.replaceChildren(icon("bolt", "small"), h("p", {}, t("When you send this: {effects}", { effects: afterWords(after) })), leave);
  }
}
