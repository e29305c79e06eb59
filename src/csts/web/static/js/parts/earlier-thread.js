/** The thread of a ticket that was merged, read inside of the one that goes on: under its own numbers, and nothing is written in it. */

import { h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { addressFor } from "../lib/merged.js";
import { layOut } from "../lib/thread-layout.js";
import { t } from "../lib/words.js";
import { failure } from "./failure.js";
import { drawRow, looksOf } from "./message.js";
import { Rows } from "./thread-rows.js";
import { ticketCard } from "./ticket-card.js";

const PAGE = 100;
/** Nobody answers in it any more. */
const ASSISTANT = { behind: new Map(), open: null };

export class EarlierThread {
  #id;
  #view;
  #rows = new Rows();
  /** @type {any[]} */
  #entries = [];
  /** @type {any} */
  #ticket = null;

  /** @param {import("../lib/merged.js").Ref} ticket @param {{me: any, merged?: import("../lib/merged.js").Ref[]}} reader */
  constructor({ id, ticket_no: number }, { me, merged }) {
    this.#id = id;
    this.#view = { me, merged, seenTo: 0, assistant: ASSISTANT };
    this.head = h("div");
    this.lines = h("div", { class: "thread-rows" });
    this.foot = h("div", { class: "merged-foot" });
    this.link = h("a", { href: addressFor(me.kind, id), "data-ticket": id }, t("Open {number}", { number }));
    this.element = h("section", { class: "earlier-thread", "aria-label": t("Conversation of {number}", { number }) }, this.head, this.lines, this.foot);
    this.#more();
  }

  async #more() {
    this.foot.replaceChildren(h("p", { class: "hint", role: "status" }, t("Loading…")));
    try {
      this.#ticket ??= await get(`/ticket/${this.#id}`);
      const after = this.#entries.at(-1)?.message.seq ?? 0;
      const { items } = await get(`/tickets/${this.#id}/messages?after=${after}&limit=${PAGE}`);
      this.#draw(items);
    } catch (problem) {
      this.foot.replaceChildren(failure(t("The conversation could not be loaded."), /** @type {Error} */ (problem), () => this.#more()));
    }
  }

  #begin() {
    const title = this.#view.me.kind === "agent" ? t("What the customer told us") : t("What you told us");
    const { subject, ticket_no: number } = this.#ticket;
    // With the number: the ticket that goes on has such a card as well.
    this.head.replaceChildren(h("p", { class: "earlier-title", dir: "auto" }, icon("merge", "small"), subject), ticketCard(this.#ticket, `${title} · ${number}`));
  }

  /** @param {any[]} items */
  #draw(items) {
    const { me } = this.#view;
    if (!this.#entries.length) this.#begin();
    const isOwn = (/** @type {any} */ { sender }) => sender.kind === me.kind && sender.id === me.id;
    this.#entries.push(...items.map((message) => ({ key: `m${message.id}`, state: "sent", own: isOwn(message), message })));
    this.#rows.draw([[this.lines, layOut(this.#entries)]], { looks: (/** @type {any} */ row) => looksOf(row, this.#view), make: (/** @type {any} */ row) => drawRow(row, this.#view) });
    const isWhole = (this.#entries.at(-1)?.message.seq ?? 0) >= this.#ticket.last_seq;
    this.foot.replaceChildren(...(isWhole ? [] : [h("button", { type: "button", class: "button", onclick: () => this.#more() }, t("Show more"))]), this.link);
  }
}
