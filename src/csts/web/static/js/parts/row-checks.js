/** Choosing rows of the desk's list: a box in each, Shift for all between two. */

import { Selection } from "../lib/bulk.js";

export class RowChecks {
  #selection = new Selection();
  #items;
  #rows;
  #tell;

  /**
   * @param {HTMLElement} items the list
   * @param {() => import("../lib/desk.js").Row[]} rows in their order
   * @param {() => void} tell others rows are chosen now
   */
  constructor(items, rows, tell) {
    this.#items = items;
    this.#rows = rows;
    this.#tell = tell;
    items.addEventListener("click", (event) => this.#clicked(event));
  }

  /** The rows that are chosen, in the order of the list. */
  get rows() {
    return this.#rows().filter(({ id }) => this.#selection.ids.has(id));
  }

  /** @param {Iterable<number>} ids */
  set(ids) {
    this.#selection.set(ids);
    this.paint();
  }

  all() {
    this.set(this.#order);
  }

  /** @param {number} id @param {boolean} range whether all down to it are meant */
  choose(id, range = false) {
    if (range) this.#selection.extend(this.#order, id);
    else this.#selection.toggle(id);
    this.paint();
  }

  /** The boxes as they are chosen: after each drawing, for rows come, go and are made anew. */
  paint() {
    this.#selection.keep(this.#order);
    const { ids } = this.#selection;
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (this.#items.querySelectorAll(".row-check > input"))) box.checked = ids.has(Number(box.value));
    this.#items.toggleAttribute("data-choosing", ids.size > 0);
    this.#tell();
  }

  get #order() {
    return this.#rows().map(({ id }) => id);
  }

  #clicked(event) {
    const box = event.target.closest(".row-check > input");
    if (box) return this.choose(Number(box.value), event.shiftKey);
    const link = event.shiftKey && event.target.closest("a[data-id]");
    if (!link) return;
    event.preventDefault();
    this.choose(Number(link.dataset.id), true);
  }
}
