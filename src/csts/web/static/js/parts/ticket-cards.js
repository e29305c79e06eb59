/** <ticket-cards>: a customer's own tickets, live. */

import { Asking } from "../lib/asking.js";
import { counted, joined, placed, plainStatus } from "../lib/cards.js";
import { h, icon, moment, need } from "../lib/dom.js";
import { openFeed } from "../lib/feed.js";
import { isFresh } from "../lib/fresh.js";
import { get } from "../lib/http.js";
import { Meanwhile } from "../lib/meanwhile.js";
import { isTooShort } from "../lib/search.js";
import { t, tn } from "../lib/words.js";
import "./connection.js";
import { marked, olderToo, passage } from "./marked.js";
import { noticesOf } from "./notices.js";
import { entitle } from "./title.js";

const PAGE = 20;
const SEARCH_AFTER_MS = 250;
const SKELETON_AFTER_MS = 200;

/** @param {any} row */
function card(row) {
  const { word, tone, icon: symbol } = plainStatus(row);
  return h("li", { "data-id": row.id },
    h("a", { class: row.unread ? "card unread" : "card", href: `/my/tickets/${row.id}` },
      h("span", { class: "card-head" },
        h("span", { class: "card-subject" }, ...marked(row.subject, row.found?.subject_marks ?? [])),
        row.unread ? h("span", { class: "count" }, row.unread, h("span", { class: "visually-hidden" }, ` ${t("unread")}`)) : null),
      row.found?.text ? passage(row.found, "card-line") : h("span", { class: "card-line" }, row.last_message_preview || t("We have it, and you can already write to us.")),
      h("span", { class: "card-foot" },
        h("span", { class: `pill ${tone}` }, icon(symbol, "small"), t(word)),
        h("span", {}, row.ticket_no),
        row.merged_into ? h("span", {}, t("goes on in {number}", { number: row.merged_into.ticket_no })) : null,
        row.agent ? h("span", { class: "card-agent" }, t("with {name}", { name: row.agent.name })) : null,
        moment(row.updated_at))));
}

/** Grey cards of the size of real ones. */
const skeleton = () =>
  h("ul", { class: "cards", role: "list", "aria-hidden": "true" }, ...[1, 2, 3].map(() => h("li", {}, h("div", { class: "card skeleton" }))));

const empty = () =>
  h("div", { class: "empty surface" }, icon("chat"),
    h("h2", {}, t("No tickets yet")),
    h("p", {}, t("Tell us what is wrong, show us a screenshot, and talk to us right here.")),
    h("a", { class: "button primary", href: "/my/tickets/new" }, t("New ticket")));

/** What a search says in place of cards. @param {string} title @param {string} hint */
const note = (title, hint) => h("div", { class: "empty surface" }, icon("search"), h("h2", {}, title), h("p", {}, hint));

const nothing = () => note(t("Nothing found"), t("Try fewer or other words."));
const tooShort = () => note(t("Type a little more"), t("A search needs a word of at least two letters, or a number."));

class TicketCards extends HTMLElement {
  /** @type {any[]} */
  rows = [];
  /** @type {string|null} */
  cursor = null;
  /** What is searched for; nothing for the whole list. */
  text = "";
  partial = false;
  /** @type {Meanwhile<any>} */
  #meanwhile = new Meanwhile();
  /** @type {import("../lib/socket.js").LiveSocket|null} */
  #line = null;
  #notices = noticesOf((id) => location.assign(`/my/tickets/${id}`));

  connectedCallback() {
    const read = this.refresh();
    const asking = new Asking({
      ask: (text, signal) => this.find(text, signal),
      take: (page, text) => this.show(page, text),
      fail: (failure) => this.break(failure),
      delay: SEARCH_AFTER_MS,
    });
    asking.follow(need("[data-search]"));
    const pill = need("connection-pill");
    this.#line = openFeed("/ws/inbox", {
      frame: (frame) => this.hear(frame),
      first: () => read.then(() => this.refresh()),
      back: () => this.refresh(),
      connection: (connection) => Object.assign(pill, { state: connection }),
    });
    pill.addEventListener("retry", () => this.#line?.wake());
  }

  disconnectedCallback() {
    this.#line?.close();
  }

  async refresh() {
    const waiting = setTimeout(() => !this.rows.length && this.replaceChildren(skeleton()), SKELETON_AFTER_MS);
    try {
      const { text } = this;
      const { answer, told } = await this.#meanwhile.during(() => this.read(text, null));
      if (text === this.text) this.fill(answer, told);
    } catch (failure) {
      this.complain(failure);
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {string} text @param {string|null} cursor @param {AbortSignal} [signal] */
  read(text, cursor, signal) {
    const order = text ? { q: text } : { sort: "-updated_at" };
    const query = new URLSearchParams({ ...order, limit: String(PAGE), ...(cursor ? { cursor } : {}) });
    return get(`/tickets?${query}`, { signal });
  }

  /** A page of what was found; null where there is no word to ask for yet. @param {string} text @param {AbortSignal} signal */
  async find(text, signal) {
    if (text && isTooShort(text)) return null;
    if (text) this.say(t("Searching…"));
    return this.#meanwhile.during(() => this.read(text, null, signal));
  }

  /** @param {{answer: any, told: any[]}|null} found @param {string} text */
  show(found, text) {
    this.text = text;
    if (!found) return this.replaceChildren(tooShort());
    const { answer: page, told } = found;
    this.fill(page, told);
    this.say(text ? tn("{count} ticket found", "{count} tickets found", page.items.length) : "");
  }

  /** @param {{items: any[], next_cursor: string|null, partial?: boolean}} page @param {any[]} told frames that came while it was read */
  fill({ items, next_cursor, partial = false }, told) {
    this.rows = items;
    this.cursor = next_cursor;
    this.partial = partial;
    this.#notices.know(items);
    told.forEach((frame) => this.#apply(frame, { isSaid: true }));
    this.draw();
  }

  /** @param {any} frame */
  hear(frame) {
    this.#notices.hear(frame);
    if (frame.type !== "ticket" && frame.type !== "unread") return;
    this.#meanwhile.hear(frame);
    this.#apply(frame);
    this.draw();
  }

  /** @param {any} frame @param {{isSaid?: boolean}} state */
  #apply(frame, { isSaid = false } = {}) {
    if (frame.type === "ticket") this.take(frame.ticket, isSaid);
    else this.rows = counted(this.rows, frame.ticket_id, frame.unread);
  }

  /** @param {any} row @param {boolean} isSaid whether a screen reader has heard of it */
  take(row, isSaid) {
    const before = this.rows.find(({ id }) => id === row.id);
    if (!isFresh(before, row)) return;
    // What a search has found stays as it is, in its order; only the server knows what else would be found now.
    if (this.text) this.rows = this.rows.map((each) => (each.id === row.id ? { ...row, found: each.found } : each));
    else this.rows = placed(this.rows, { ...before, ...row });
    const { word } = plainStatus(row);
    if (!isSaid && before && plainStatus(before).word !== word) this.say(`${row.subject}: ${t(word)}`);
  }

  draw() {
    if (!this.text) entitle({ count: this.rows.reduce((sum, { unread }) => sum + unread, 0) });
    if (!this.rows.length) return this.replaceChildren(this.text ? nothing() : empty());
    const focused = document.activeElement?.closest?.("[data-id]")?.getAttribute("data-id");
    const list = h("ul", { class: "cards", role: "list" }, ...this.rows.map(card));
    const end = this.partial ? [olderToo()] : [];
    this.replaceChildren(list, ...(this.cursor ? [this.more()] : end));
    // The list is drawn anew; whoever stood on a card with the keyboard stays on it.
    if (focused) /** @type {HTMLElement|null} */ (this.querySelector(`[data-id="${focused}"] a`))?.focus();
  }

  more() {
    return h("button", { class: "button wide", type: "button", onclick: (/** @type {Event} */ event) => this.extend(event) }, this.text ? t("Show more") : t("Show older tickets"));
  }

  /** @param {Event} event */
  async extend(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    button.setAttribute("aria-busy", "true");
    try {
      const { text } = this;
      const { items, next_cursor } = await this.read(text, this.cursor);
      if (text !== this.text) return;
      this.rows = text ? [...this.rows, ...items] : joined(this.rows, items);
      this.cursor = next_cursor;
      this.draw();
      this.say(tn("{count} more ticket", "{count} more tickets", items.length));
    } catch (failure) {
      button.removeAttribute("aria-busy");
      this.say(/** @type {Error} */ (failure).message);
    }
  }

  /** @param {any} failure */
  complain(failure) {
    if (!this.rows.length) this.#alert(t("Your tickets could not be read"), failure, () => this.refresh());
  }

  /** A search that had no answer; typing on asks again. @param {any} failure */
  break(failure) {
    const text = need("[data-search]").value.trim();
    this.#alert(t("The search did not answer"), failure, () => this.find(text, new AbortController().signal).then((page) => this.show(page, text), (again) => this.break(again)));
  }

  /** @param {string} title @param {Error} failure @param {() => void} again */
  #alert(title, failure, again) {
    this.replaceChildren(
      h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"),
        h("h2", {}, title),
        h("p", {}, failure.message),
        h("button", { class: "button", type: "button", onclick: again }, t("Try again"))));
  }

  /** @param {string} text */
  say(text) {
    need("[data-said]").textContent = text;
  }
}

customElements.define("ticket-cards", TicketCards);
