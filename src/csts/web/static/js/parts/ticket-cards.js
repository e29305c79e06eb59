/** <ticket-cards>: a customer's own tickets, live. */

import { counted, joined, placed, plainStatus } from "../lib/cards.js";
import { h, icon, moment, need } from "../lib/dom.js";
import { openFeed } from "../lib/feed.js";
import { isFresh } from "../lib/fresh.js";
import { get } from "../lib/http.js";
import { t, tn } from "../lib/words.js";
import "./connection.js";

const PAGE = 20;
const SKELETON_AFTER_MS = 200;

/** @param {any} row */
function card(row) {
  const { word, tone, icon: symbol } = plainStatus(row);
  return h("li", { "data-id": row.id },
    h("a", { class: row.unread ? "card unread" : "card", href: `/my/tickets/${row.id}` },
      h("span", { class: "card-head" },
        h("span", { class: "card-subject" }, row.subject),
        row.unread ? h("span", { class: "count" }, row.unread, h("span", { class: "visually-hidden" }, ` ${t("unread")}`)) : null),
      h("span", { class: "card-line" }, row.last_message_preview || t("We have it, and you can already write to us.")),
      h("span", { class: "card-foot" },
        h("span", { class: `pill ${tone}` }, icon(symbol, "small"), t(word)),
        h("span", {}, row.ticket_no),
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

class TicketCards extends HTMLElement {
  /** @type {any[]} */
  rows = [];
  /** @type {string|null} */
  cursor = null;
  /** @type {import("../lib/socket.js").LiveSocket|null} */
  #line = null;

  connectedCallback() {
    this.refresh();
    const pill = need("connection-pill");
    this.#line = openFeed("/ws/inbox", {
      frame: (frame) => this.hear(frame),
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
      const { items, next_cursor } = await this.read(null);
      this.rows = items;
      this.cursor = next_cursor;
      this.draw();
    } catch (failure) {
      this.complain(failure);
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {string|null} cursor */
  read(cursor) {
    const query = new URLSearchParams({ sort: "-updated_at", limit: String(PAGE), ...(cursor ? { cursor } : {}) });
    return get(`/tickets?${query}`);
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === "ticket") this.take(frame.ticket);
    if (frame.type === "unread") this.rows = counted(this.rows, frame.ticket_id, frame.unread);
    if (frame.type === "ticket" || frame.type === "unread") this.draw();
  }

  /** @param {any} row */
  take(row) {
    const before = this.rows.find(({ id }) => id === row.id);
    if (!isFresh(before, row)) return;
    this.rows = placed(this.rows, { ...before, ...row });
    const { word } = plainStatus(row);
    if (before && plainStatus(before).word !== word) this.say(`${row.subject}: ${t(word)}`);
  }

  draw() {
    if (!this.rows.length) return this.replaceChildren(empty());
    const focused = document.activeElement?.closest?.("[data-id]")?.getAttribute("data-id");
    const list = h("ul", { class: "cards", role: "list" }, ...this.rows.map(card));
    this.replaceChildren(list, ...(this.cursor ? [this.more()] : []));
    // The list is drawn anew; whoever stood on a card with the keyboard stays on it.
    if (focused) /** @type {HTMLElement|null} */ (this.querySelector(`[data-id="${focused}"] a`))?.focus();
  }

  more() {
    return h("button", { class: "button wide", type: "button", onclick: (/** @type {Event} */ event) => this.extend(event) }, t("Show older tickets"));
  }

  /** @param {Event} event */
  async extend(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    button.setAttribute("aria-busy", "true");
    try {
      const { items, next_cursor } = await this.read(this.cursor);
      this.rows = joined(this.rows, items);
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
    if (this.rows.length) return;
    this.replaceChildren(
      h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"),
        h("h2", {}, t("Your tickets could not be read")),
        h("p", {}, failure.message),
        h("button", { class: "button", type: "button", onclick: () => this.refresh() }, t("Try again"))));
  }

  /** @param {string} text */
  say(text) {
    need("[data-said]").textContent = text;
  }
}

customElements.define("ticket-cards", TicketCards);
