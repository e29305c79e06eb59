/** <desk-queues>: the queues with their counts; one of them is shown. */

import { countWords, QUEUES } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { number, t } from "../lib/words.js";

const RECOUNT_MS = 700;

/** Events (bubbling): `queue` (detail: its id), `counts` (detail: GET /tickets/counts). */
class DeskQueues extends HTMLElement {
  #timer = 0;
  /** @type {Record<string, number>} */
  #counts = {};
  #current = "";

  connectedCallback() {
    // In a task of its own: a browser takes the longest for the first request of a page.
    this.#timer = setTimeout(() => this.recount());
  }

  /** @param {string} id */
  show(id) {
    this.#current = id;
    this.#draw();
  }

  /** Soon, once for all that happens within the same moment: a busy desk must not count at each message. */
  stir() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.recount(), RECOUNT_MS);
  }

  /** How many mentions are not seen, which a mention brings along. @param {number} unseen */
  mentioned(unseen) {
    // The first count, which is under way, will know.
    if ("mentions" in this.#counts) this.#take({ ...this.#counts, mentions: unseen });
  }

  async recount() {
    try {
      this.#take(await get("/tickets/counts"));
    } catch {
      // Old counts are better than none; the next change counts again.
    }
  }

  /** @param {Record<string, number>} counts */
  #take(counts) {
    this.#counts = counts;
    this.dispatchEvent(new CustomEvent("counts", { detail: counts, bubbles: true }));
    this.#draw();
  }

  #draw() {
    const focused = this.contains(document.activeElement);
    this.replaceChildren(h("ul", { role: "list" }, ...QUEUES.map((queue) => h("li", {}, this.#button(queue)))));
    if (focused) /** @type {HTMLElement|null} */ (this.querySelector('[aria-current="true"]'))?.focus();
  }

  #button(queue) {
    const count = this.#counts[queue.count];
    const choose = () => this.dispatchEvent(new CustomEvent("queue", { detail: queue.id, bubbles: true }));
    return h("button", { type: "button", class: "queue", "aria-current": queue.id === this.#current ? "true" : null, onclick: choose },
      icon(queue.icon, "small"), h("span", { class: "queue-name" }, t(queue.name)),
      count === undefined ? null : h("span", { class: queue.calls && count ? "count" : "queue-count" }, countWords(count, (value) => number(value))));
  }
}

customElements.define("desk-queues", DeskQueues);
