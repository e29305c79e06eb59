/** <desk-list>: the rows of one view, live, calm under the pointer, walked by keyboard. */

import { addressOf, requestOf, TicketList } from "../lib/desk.js";
import { arrange, h, icon } from "../lib/dom.js";
import { draftOf } from "../lib/drafts.js";
import { get } from "../lib/http.js";
import { storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { isTooShort } from "../lib/search.js";
import { Viewers } from "../lib/viewers.js";
import { t, tn } from "../lib/words.js";
import { brokenList, emptyList, foundWords, shortSearch, skeletonRows } from "./desk-list-states.js";
import { drawDeskRow } from "./desk-row.js";
import { olderToo } from "./marked.js";
import { RowChecks } from "./row-checks.js";
import { say } from "./voice.js";

const SKELETON_AFTER_MS = 200;
const TYPING_STALE_MS = 5000;
const NEAR_END_PX = 400;
const AT_TOP_PX = 8;
const LEAVES_MS = 180;
const PAGE = 50;
const MOST_PER_PAGE = 100;

/** Events (bubbling): `choose` (detail: a ticket's id), `checked` (other rows are chosen, or there are others to choose). */
export class DeskList extends HTMLElement {
  /** @type {TicketList|null} */
  #list = null;
  /** @type {number|null} */
  #selected = null;
  #typing = new Map();
  #viewers = new Viewers(get, page.me?.id ?? 0);
  #rows = new Map();
  #loading = 0;
  #leaving = 0;
  #flight = new AbortController();
  #reading = Promise.resolve();
  #top = 0;
  /** Whether there is room for rows: a phone hides them behind a ticket, and what nobody sees is not drawn. */
  #isShown = true;

  connectedCallback() {
    this.news = h("button", { type: "button", class: "button list-news", hidden: true, onclick: () => this.#showNews() });
    this.items = h("ul", { class: "desk-rows", role: "list" });
    this.end = h("div", { hidden: true }, olderToo());
    this.scroller = h("div", { class: "list-scroll" }, this.items, this.end);
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.append(this.news, this.scroller, this.said);
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.items.addEventListener("click", (event) => this.#clicked(event));
    this.items.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#appear(this.scroller.clientHeight > 0)).observe(this.scroller);
    this.checks = new RowChecks(this.items, () => this.rows, () => this.#tell("checked"));
  }

  get rows() {
    return this.#list?.rows ?? [];
  }

  /** @param {import("../lib/desk.js").View} view */
  async show(view) {
    // To scroll has all of the page laid out, which a list that shows nothing yet does not need.
    if (this.#list) this.scroller.scrollTop = this.#top = 0;
    this.#list = new TicketList(view, page.me?.id ?? 0);
    this.checks.set([]);
    this.#rows.clear();
    const waiting = setTimeout(() => this.#list?.loaded || arrange(this.items, skeletonRows()), SKELETON_AFTER_MS);
    await this.refresh();
    clearTimeout(waiting);
  }

  /** The first page anew: at the start, and when the live line was away. */
  refresh() {
    return (this.#reading = this.#read());
  }

  /** Once more, after what is being read now. */
  again = () => this.#reading.then(() => this.refresh());

  async #read() {
    const list = this.#list;
    const turn = ++this.#loading;
    if (!list) return;
    this.#flight.abort();
    this.#flight = new AbortController();
    if (list.view.q && isTooShort(list.view.q)) return this.#ask();
    // As many rows as were read already, so that the list keeps its place.
    const limit = Math.min(MOST_PER_PAGE, Math.max(PAGE, list.rows.length));
    try {
      if (list.view.q) this.said.textContent = t("Searching…");
      const { signal } = this.#flight;
      const { answer: found, told } = await list.meanwhile.during(() => get(`/tickets?${requestOf(list.view, null, limit)}`, { signal }));
      if (turn !== this.#loading || list !== this.#list) return;
      list.load(found, this.#selected, told);
      this.said.textContent = list.view.q ? foundWords(found) : "";
      this.#draw();
      this.#look(found.items);
    } catch (problem) {
      if (turn === this.#loading && !list.loaded) arrange(this.items, [brokenList(/** @type {Error} */ (problem), () => this.refresh())]);
    }
  }

  /** Nothing is asked before there is a word. */
  #ask() {
    this.end.hidden = true;
    arrange(this.items, [shortSearch()]);
  }

  /** @param {import("../lib/desk.js").Row} row */
  take(row) {
    const wasHere = !this.#list?.loaded || this.#list.has(row.id);
    this.#list?.take(row, this.#isAtTop);
    this.#draw();
    if (!wasHere && this.#list?.has(row.id)) say(t("New in this list: {subject}", { subject: row.subject }));
    this.#settle();
  }

  /** @param {number} id @param {number} unread */
  count(id, unread) {
    this.#list?.count(id, unread);
    this.#draw();
  }

  /** Who has these tickets open now. @param {{ticket_id: number, agents: any[]}[]} tickets */
  view(tickets) {
    this.#viewers.hear(tickets);
    this.#draw();
  }

  /** Who has them open already. @param {{id: number}[]} rows */
  async #look(rows) {
    if (await this.#viewers.load(rows.map(({ id }) => id))) this.#draw();
  }

  /** Somebody types in a ticket; forgotten when no word follows. @param {{ticket_id: number, sender: {kind: string, id: number, name: string}, typing: boolean}} frame */
  type({ ticket_id: id, sender, typing }) {
    clearTimeout(this.#typing.get(id)?.timer);
    this.#typing.delete(id);
    if (typing) this.#typing.set(id, { name: sender.name, agent: sender.kind === "agent" ? sender.id : 0, timer: setTimeout(() => this.type({ ticket_id: id, sender, typing: false }), TYPING_STALE_MS) });
    this.#draw();
  }

  /** @param {number|null} id */
  select(id) {
    const before = this.#selected;
    this.#selected = id;
    if (!id) this.#isShown = true;
    this.#draw();
    this.#settle();
    // A phone hides the list behind a ticket, and some browsers forget where a hidden list stood.
    if (!id) this.scroller.scrollTop = this.#top;
    else if (id !== before) this.items.querySelector(`[data-row="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** The ticket before or behind the selected one. @param {1|-1} step */
  beside(step) {
    return this.#list?.beside(this.#selected, step) ?? null;
  }

  /** Something that a row shows has changed on this device. */
  redraw() {
    this.#draw();
  }

  /** Choose the row that has the focus, or whose ticket is read. @param {boolean} range */
  check(range = false) {
    const focused = /** @type {HTMLElement|null} */ (this.items.querySelector("[data-row]:focus-within"));
    const id = focused ? Number(focused.dataset.row) : this.#selected;
    if (this.rows.some((row) => row.id === id)) this.checks.choose(Number(id), range);
  }

  focusRow() {
    /** @type {HTMLElement|null} */ (this.items.querySelector('a[tabindex="0"]'))?.focus({ preventScroll: true });
  }

  get #isAtTop() {
    return this.scroller.scrollTop < AT_TOP_PX;
  }

  /** What no longer belongs here fades before it goes. */
  #settle() {
    for (const id of this.#list?.misfits(this.#selected) ?? []) this.items.querySelector(`[data-row="${id}"]`)?.classList.add("leaving");
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => {
      this.#list?.settle(this.#selected);
      this.#draw();
    }, LEAVES_MS);
  }

  #appear(isShown) {
    const isNew = isShown && !this.#isShown;
    this.#isShown = isShown;
    if (isNew) this.#draw();
  }

  #draw() {
    const list = this.#list;
    if (!list?.loaded || !this.#isShown) return;
    this.news.hidden = list.pending.size === 0;
    this.end.hidden = !list.partial || Boolean(list.cursor) || !list.rows.length;
    this.news.replaceChildren(icon("arrow-up", "small"), tn("{count} new", "{count} new", list.pending.size));
    if (!list.rows.length) {
      arrange(this.items, [this.#empty(list.view)]);
      return this.checks.paint();
    }
    const focused = /** @type {HTMLElement|null} */ (document.activeElement?.closest?.("[data-row]"))?.dataset.row;
    const part = document.activeElement?.matches(".row-check > input") ? "input" : "a";
    const reachable = list.rows.some(({ id }) => id === this.#selected) ? this.#selected : list.rows[0].id;
    arrange(this.items, list.rows.map((row) => this.#row(row, row.id === reachable)));
    if (focused) /** @type {HTMLElement|null} */ (this.items.querySelector(`[data-row="${focused}"] ${part}`))?.focus({ preventScroll: true });
    this.checks.paint();
  }

  /** The element of a row, made anew only when something in it is new. @param {any} row @param {boolean} reachable */
  #row(row, reachable) {
    const now = {
      selected: row.id === this.#selected,
      reachable,
      typing: this.#typing.get(row.id)?.name ?? "",
      typist: this.#typing.get(row.id)?.agent ?? 0,
      viewers: this.#viewers.of(row.id),
      draft: page.me ? draftOf(storageOf(globalThis), page.me, row.id) : "",
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
    return emptyList(view, {
      clear: () => this.#tell("clear"),
      widen: () => this.#tell("narrow", { queue: "all", status: "", assignee: "" }),
    });
  }

  #showNews() {
    this.#list?.release();
    this.scroller.scrollTop = 0;
    this.#draw();
    this.focusRow();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (!clientHeight) return;
    this.#top = scrollTop;
    if (this.#isAtTop && this.#list?.pending.size) {
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
      const found = await get(`/tickets?${requestOf(list.view, list.cursor)}`);
      list.extend(found);
      if (list !== this.#list) return;
      this.#draw();
      this.#look(found.items);
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
    const step = /** @type {Record<string, 1|-1>} */ ({ ArrowDown: 1, ArrowUp: -1 })[event.key];
    if (!step) return;
    event.preventDefault();
    const links = /** @type {HTMLElement[]} */ ([...this.items.querySelectorAll("a[data-id]")]);
    const next = links[links.indexOf(event.target) + step];
    if (!next) return;
    for (const link of links) link.tabIndex = link === next ? 0 : -1;
    next.focus();
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.define("desk-list", DeskList);
