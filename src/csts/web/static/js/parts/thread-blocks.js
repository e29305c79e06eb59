/** The history of a thread in blocks, so that a browser lays out and paints those that are near, and no others. */

import { arrange, h } from "../lib/dom.js";

const LINES = 100;
/** The oldest blocks still grow, and what has no size yet cannot keep it. */
const GROWING = 2;

export class Blocks {
  #within;
  #blocks = new Map();
  #width = 0;

  /** @param {HTMLElement} within */
  constructor(within) {
    this.#within = within;
  }

  /** Puts each row into its block: pairs of an element and its rows, the oldest first. */
  places(rows) {
    const parts = new Map();
    for (const row of rows) {
      const number = Math.floor(row.seq / LINES);
      if (!parts.has(number)) parts.set(number, []);
      parts.get(number).push(row);
    }
    const before = this.#blocks;
    this.#blocks = new Map([...parts.keys()].map((number) => [number, before.get(number) ?? h("div", { class: "thread-block" })]));
    arrange(this.#within, [...this.#blocks.values()]);
    [...this.#blocks].slice(GROWING).forEach(([number, block]) => block.classList.toggle("settled", before.has(number)));
    return [...parts].map(([number, some]) => [this.#blocks.get(number), some]);
  }

  /** Lines break elsewhere at another width: the sizes that are remembered hold no more. @param {number} width */
  fit(width) {
    if (width === this.#width) return;
    this.#width = width;
    for (const block of this.#blocks.values()) block.classList.remove("settled");
  }
}
