/** <desk-list>: the rows of one view, live, calm under the pointer, walked by keyboard. */

import { addressOf, TicketList } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { draftOf } from "../lib/drafts.js";
import { get } from "../lib/http.js";
import { storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { t, tn } from "../lib/words.js";
import { requestOf } from "../lib/desk.js";
import { drawDeskRow } from "./desk-row.js";

const SKELETON_AFTER_MS = 200;
const TYPING_STALE_MS = 5000;
const NEAR_END_PX = 400;

/** Events (bubbling): `choose` (detail: a ticket's id). */
export class DeskList extends HTMLElement {
  /** @type {TicketList|null} */
  #list = null;
  /** @type {number|null} */
  #selected = null;
  #typing = new Map();
  #rows = new Map();
  #loading = 0;

  connectedCallback() {
    this.news = h("button", { type: "button", class: "button list-news", hidden: true, onclick: () => this.#showNews() });
    this.items = h("ul", { class: "desk-rows", role: "list" });
    this.scroller = h("div", { class: "list-scroll" }, this.items);
    this.append(this.news, this.scroller);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.items.addEventListener("click", (event) => this.#clicked(event));
    this.items.addEventListener("keydown", (event) => this.#key(event));
  }

  get rows() {
    return this.#list?.rows ?? [];
  }

  /** @param {import("../lib/desk.js").View} view */
  async show(view) {
    this.#list = new TicketList(view, page.me?.id ?? 0);
    this.#rows.clear();
    this.scroller.scrollTop = 0;
    const waiting = setTimeout(() => this.#skeleton(), SKELETON_AFTER_MS);
    await this.refresh();
    clearTimeout(waiting);
  }

  /** The first page anew: at the start, and when the live line was away. */
  async refresh() {
    const list = this.#list;
    const turn = ++this.#loading;
    if (!list) return;
    try {
      const found = await get(`/tickets?${requestOf(list.view)}`);
      if (turn !== this.#loading || list !== this.#list) return;
      list.load(found);
      this.#draw();
    } catch (problem) {
      if (turn === this.#loading && !list.rows.length) this.#fail(/** @type {Error} */ (problem));
    }
  }

  /** @param {import("../lib/desk.js").Row} row */
  take(row) {
    this.#list?.take(row, { mayMove: this.scroller.scrollTop < 8, selected: this.#selected });
    this.#draw();
  }

  /** @param {number} id @param {number} unread */
  count(id, unread) {
    this.#list?.count(id, unread);
    this.#draw();
  }

  /** Somebody types in a ticket; forgotten when no word follows. @param {{ticket_id: number, sender: {name: string}, typing: boolean}} frame */
  type({ ticket_id: id, sender, typing }) {
    clearTimeout(this.#typing.get(id)?.timer);
    this.#typing.delete(id);
    if (typing) this.#typing.set(id, { name: sender.name, timer: setTimeout(() => this.type({ ticket_id: id, sender, typing: false }), TYPING_STALE_MS) });
    this.#draw();
  }

  /** @param {number|null} id */
  select(id) {
    this.#selected = id;
    this.#draw();
    if (id) this.items.querySelector(`[data-row="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** The ticket before or behind the selected one. @param {1|-1} step */
  beside(step) {
    return this.#list?.beside(this.#selected, step) ?? null;
  }

  focusRow() {
    /** @type {HTMLElement|null} */ (this.items.querySelector('a[tabindex="0"]'))?.focus();
  }

  #draw() {
    const list = this.#list;
    if (!list) return;
    this.news.hidden = list.pending.size === 0;
    this.news.replaceChildren(icon("arrow-up", "small"), tn("{count} new", "{count} new", list.pending.size));
    if (!list.rows.length) return this.items.replaceChildren(this.#empty(list.view));
    const focused = /** @type {HTMLElement|null} */ (document.activeElement?.closest?.("[data-row]"))?.dataset.row;
    const reachable = list.rows.some(({ id }) => id === this.#selected) ? this.#selected : list.rows[0].id;
    const drawn = list.rows.map((row) => this.#row(row, row.id === reachable));
    if (drawn.length !== this.items.children.length || drawn.some((each, at) => each !== this.items.children[at])) this.items.replaceChildren(...drawn);
    if (focused) /** @type {HTMLElement|null} */ (this.items.querySelector(`[data-row="${focused}"] a`))?.focus({ preventScroll: true });
  }

  /** The element of a row, made anew only when something in it is new. @param {any} row @param {boolean} reachable */
  #row(row, reachable) {
    const now = {
      selected: row.id === this.#selected,
      reachable,
      typing: this.#typing.get(row.id)?.name ?? "",
      draft: draftText(row.id),
      search: addressOf(/** @type {TicketList} */ (this.#list).view),
    };
    const key = JSON.stringify([row, now]);
    const known = this.#rows.get(row.id);
    if (known?.key === key) return known.element;
    const element = drawDeskRow(row, now);
    this.#rows.set(row.id, { key, element });
    return element;
  }

  #empty(view) {
    const narrowed = view.q || view.status || view.priority || view.issue_type;
    const words = narrowed
      ? [t("Nothing matches"), t("Try fewer words or filters.")]
      : view.queue === "awaiting"
        ? [t("Nobody is waiting"), t("Every customer has an answer. New messages appear here by themselves.")]
        : [t("This queue is empty"), t("New tickets appear here by themselves.")];
    const clear = narrowed ? h("button", { type: "button", class: "button", onclick: () => this.#tell("clear") }, t("Clear search and filters")) : null;
    return h("li", { class: "empty" }, icon(narrowed ? "search" : "inbox"), h("h2", {}, words[0]), h("p", {}, words[1]), clear);
  }

  #skeleton() {
    if (this.rows.length) return;
    this.items.replaceChildren(...[1, 2, 3, 4, 5].map(() => h("li", { "aria-hidden": "true" }, h("div", { class: "desk-row skeleton" }))));
  }

  #fail(problem) {
    const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
    this.items.replaceChildren(h("li", { class: "empty", role: "alert" }, icon("wifi-off"), h("h2", {}, t("The list could not be read")), h("p", {}, problem.message), again));
  }

  #showNews() {
    this.#list?.release();
    this.scroller.scrollTop = 0;
    this.#draw();
    this.focusRow();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (scrollTop < 8 && this.#list?.pending.size) {
      this.#list.release();
      this.#draw();
    }
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.#more();
  }

  async #more() {
    const list = this.#list;
    if (!list?.cursor || this.scroller.dataset.busy) return;
    this.scroller.dataset.busy = "1";
    try {
      list.extend(await get(`/tickets?${requestOf(list.view, list.cursor)}`));
      if (list === this.#list) this.#draw();
    } catch {
      // The rows that are shown stay; the next scroll asks again.
    } finally {
      delete this.scroller.dataset.busy;
    }
  }

  #clicked(event) {
    const link = event.target.closest("a[data-id]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.#tell("choose", Number(link.dataset.id));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("[data-row]");
    if (!step || !row) return;
    event.preventDefault();
    const next = (step > 0 ? row.nextElementSibling : row.previousElementSibling)?.querySelector("a");
    if (!next) return;
    for (const link of this.items.querySelectorAll('a[tabindex="0"]')) link.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** What this agent has begun to write in a ticket, on one line. @param {number} id */
function draftText(id) {
  const text = page.me ? draftOf(storageOf(globalThis), page.me, id) : "";
  return text.replace(/\s+/g, " ").trim().slice(0, 80);
}

customElements.define("desk-list", DeskList);
