/** A list to choose from: the focus stays in the field, which names the active one. */

import { h } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** @template {{id: number}} Item */
export class OptionList {
  /** @type {Item[]} */
  #shown = [];
  #at = 0;
  #id;
  #draw;
  #choose;

  /** @param {{id: string, name: string, draw: (item: Item) => any[], choose: (item: Item) => void}} what */
  constructor({ id, name, draw, choose }) {
    this.#id = id;
    this.#draw = draw;
    this.#choose = choose;
    this.element = h("ul", { class: "option-list", role: "listbox", id, "aria-label": name });
    // The field keeps the focus, and with it what is selected there.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get active() {
    return this.#shown[this.#at] ?? null;
  }

  /** @param {Item[]} items */
  show(items) {
    const before = this.active?.id;
    this.#shown = items;
    // What is chosen stays so when the list is read anew in the meantime.
    this.#at = Math.max(0, items.findIndex(({ id }) => id === before));
    this.element.replaceChildren(...items.map((item, at) => this.#option(item, at)));
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

  /** @param {Item} item @param {number} at */
  #option(item, at) {
    return h("li", { role: "option", id: `${this.#id}-${item.id}`, "aria-selected": "false", onclick: () => this.#choose(item), onpointermove: () => this.#point(at) }, ...this.#draw(item));
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

/** Which keys there are. @param {string} enter what Enter does */
export const optionKeys = (enter) => h("span", { class: "option-keys" }, h("kbd", {}, "↑"), h("kbd", {}, "↓"), " ", t("choose"), " · ", h("kbd", {}, "Enter"), " ", enter);
