/** A list of canned replies to choose from: the focus stays in the field, which names the active one. */

import { effects } from "../lib/canned.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** @typedef {import("../lib/canned.js").Reply} Reply */

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class CannedOptions {
  /** @type {Reply[]} */
  #shown = [];
  #at = 0;
  #id;
  #choose;

  /** @param {{id: string, choose: (reply: Reply) => void}} what */
  constructor({ id, choose }) {
    this.#id = id;
    this.#choose = choose;
    this.element = h("ul", { class: "canned-options", role: "listbox", id, "aria-label": t("Canned replies") });
    // The field keeps the focus, and with it what is selected there.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get active() {
    return this.#shown[this.#at] ?? null;
  }

  /** @param {Reply[]} replies @param {{said: string, fill: (text: string) => string}} how what a text becomes, and how it reads here */
  show(replies, { said, fill }) {
    const before = this.active?.id;
    this.#shown = replies;
    // What is chosen stays so when the list is read anew in the meantime.
    this.#at = Math.max(0, replies.findIndex(({ id }) => id === before));
    this.element.replaceChildren(...replies.map((reply, at) => this.#option(reply, at, said, fill)));
    this.#mark();
  }

  first() {
    this.#at = 0;
    this.#mark();
  }

  /** Up and down, around the ends. @param {string} key @returns {boolean} whether it was one of these */
  walk(key) {
    const step = STEPS[key];
    if (!step || !this.active) return false;
    this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
    this.#mark();
    return true;
  }

  /** Tells the field which one is active. @param {HTMLElement} field */
  tell(field) {
    if (this.active) field.setAttribute("aria-activedescendant", `${this.#id}-${this.active.id}`);
    else field.removeAttribute("aria-activedescendant");
  }

  /** @param {Reply} reply @param {number} at @param {string} said @param {(text: string) => string} fill */
  #option(reply, at, said, fill) {
    const does = effects({ ...reply, text: "" });
    return h("li", { role: "option", id: `${this.#id}-${reply.id}`, "aria-selected": "false", onclick: () => this.#choose(reply), onpointermove: () => this.#point(at) },
      h("span", { class: "canned-head" },
        h("strong", { dir: "auto" }, reply.title),
        h("code", {}, `/${reply.shortcut}`),
        reply.shared ? null : h("span", { class: "pill" }, t("Only you")),
        does ? h("span", { class: "pill accent" }, icon("bolt", "small"), effects(reply, said)) : null),
      reply.text ? h("span", { class: "canned-text", dir: "auto" }, fill(reply.text)) : null);
  }

  /** @param {number} at */
  #point(at) {
    if (at === this.#at) return;
    this.#at = at;
    this.#mark();
  }

  #mark() {
    [...this.element.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.#at));
      if (at === this.#at) option.scrollIntoView({ block: "nearest" });
    });
    this.element.dispatchEvent(new CustomEvent("active"));
  }
}
