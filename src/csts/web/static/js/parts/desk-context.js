/** <desk-context>: who the customer is, what he reported, and what has happened to the ticket. */

import { ACTIVE } from "../lib/desk.js";
import { avatar, h, moment } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { addressFor } from "../lib/merged.js";
import { name, personName } from "../lib/names.js";
import { page } from "../lib/page.js";
import { scoreWords } from "../lib/rating.js";
import { exact } from "../lib/time.js";
import { t } from "../lib/words.js";
import { assistantSection } from "./assistant-section.js";
import { lightboxWithin } from "./lightbox-links.js";
import { drawAttachments } from "./message.js";
import { ThreadSummary } from "./thread-summary.js";
import { TicketTags } from "./ticket-tags.js";

const EARLIER = 6;

class DeskContext extends HTMLElement {
  /** @type {any} */
  #ticket = null;
  #drawn = "";
  /** @type {any} */
  #talk = null;

  connectedCallback() {
    lightboxWithin(this);
  }

  /** @param {any} ticket */
  show(ticket) {
    const isOther = ticket.id !== this.#ticket?.id;
    this.#ticket = ticket;
    if (isOther) this.#build(ticket);
    this.#facts(ticket);
    this.tags?.show(ticket.tags ?? [], { isFixed: ticket.merged_into !== null });
    const state = [ticket.id, ticket.status, ticket.priority, ticket.agent?.id, ticket.snoozed_until, ticket.merged_from.length, ...(ticket.tags ?? [])].join();
    // What happens to a ticket that stays solved is a rating.
    if (state !== this.#drawn || !ticket.allowed_statuses.includes("resolved")) this.#history(ticket.id);
    this.#drawn = state;
  }

  /** @param {any} talk what is known of the assistant in this ticket, or null */
  assist(talk) {
    this.#talk = talk;
    this.assistant?.replaceChildren(...[assistantSection(talk)].filter((part) => part !== null));
  }

  /** @param {number} lines how many the thread has */
  count(lines) {
    this.summary?.count(lines);
  }

  #build(ticket) {
    this.summary = new ThreadSummary(ticket.id);
    this.assistant = h("div");
    this.tags = new TicketTags(ticket.id);
    this.facts = h("dl", { class: "context-facts" });
    this.earlier = h("div", { class: "context-earlier" });
    this.rating = ratingOf([]);
    this.history = h("ol", { class: "context-history", role: "list" });
    this.replaceChildren(
      customer(ticket),
      this.rating,
      this.assistant,
      this.summary.element,
      ticket.attachments.length ? section(t("Screenshots"), drawAttachments(ticket.attachments)) : "",
      section(t("Facts"), this.facts),
      section(t("Tags"), this.tags.element),
      section(t("Earlier tickets"), this.earlier),
      section(t("History"), this.history),
    );
    this.assist(this.#talk);
    this.#earlier(ticket);
  }

  #facts(ticket) {
    const phone = ticket.callback_number && h("a", { href: `tel:${ticket.callback_number}` }, ticket.callback_number);
    const facts = [
      [t("Number"), ticket.ticket_no],
      [t("Category"), name(ticket.issue_type)],
      [t("Call back"), phone],
      [t("Opened"), moment(ticket.created_at)],
      [t("Goes on in"), ticket.merged_into && ticketLink(ticket.merged_into)],
      ...ticket.merged_from.map((/** @type {any} */ each) => [t("Merged into this one"), ticketLink(each)]),
    ];
    this.facts.replaceChildren(...facts.filter(([, fact]) => fact).flatMap(([term, fact]) => [h("dt", {}, term), h("dd", {}, fact)]));
  }

  async #earlier({ id, customer: { id: customerId } }) {
    const query = new URLSearchParams({ customer: String(customerId), limit: String(EARLIER + 1), sort: "-created_at" });
    const found = await get(`/tickets?${query}`).catch(() => null);
    if (id !== this.#ticket.id) return;
    if (!found) return this.earlier.replaceChildren(h("p", { class: "hint" }, t("These could not be read.")));
    const others = found.items.filter((row) => row.id !== id).slice(0, EARLIER);
    if (!others.length) return this.earlier.replaceChildren(h("p", { class: "hint" }, t("This is the first one.")));
    this.earlier.replaceChildren(h("ul", { role: "list" }, ...others.map(earlierTicket)));
  }

  async #history(id) {
    const found = await get(`/tickets/${id}/events`).catch(() => null);
    if (id !== this.#ticket.id) return;
    if (!found) return this.history.replaceChildren(h("li", { class: "hint" }, t("This could not be read.")));
    const rating = ratingOf(found.items);
    this.rating.replaceWith(rating);
    this.rating = rating;
    this.history.replaceChildren(...found.items.toReversed().map((event) => h("li", {}, h("span", {}, eventWords(event)), " ", moment(event.created_at))));
  }
}

/** @param {any} ticket */
const customer = ({ customer: { id, name: who, email } }) =>
  h("section", { class: "context-customer" }, avatar(who),
    h("div", {}, h("h2", { dir: "auto" }, who), email ? h("a", { href: `mailto:${email}` }, email) : null,
      page.me?.role === "admin" ? h("a", { class: "hint", href: `/desk/customers/${id}` }, t("Data of this customer")) : null));

/** @param {string} title @param {...(Node|string)} content */
const section = (title, ...content) => h("section", {}, h("h3", {}, title), ...content);

/** @param {import("../lib/merged.js").Ref} ticket */
const ticketLink = ({ id, ticket_no: number }) => h("a", { href: addressFor("agent", id), "data-ticket": id }, number);

/** @param {any} row */
const earlierTicket = (row) =>
  h("li", {}, h("a", { href: `/desk/tickets/${row.id}`, "data-ticket": row.id },
    h("span", { class: "earlier-subject", dir: "auto" }, row.subject),
    h("span", { class: "hint" }, row.merged_into ? t("Merged") : name(row.status), " · ", moment(row.created_at))));

/** The latest rating, if there is one, and whether the ticket has been opened again since. @param {any[]} events the oldest first */
function ratingOf(events) {
  const at = events.findLastIndex(({ kind }) => kind === "rated");
  if (at < 0) return h("section", { hidden: true });
  const { data, created_at: when } = events[at];
  const isPast = events.slice(at).some((event) => event.kind === "status_changed" && ACTIVE.includes(event.data.to));
  const comment = data.comment ? h("blockquote", { dir: "auto" }, data.comment) : "";
  return section(isPast ? t("Rating before it was opened again") : t("Rating"), h("p", { class: "context-rating" }, h("strong", {}, scoreWords(data.score)), " ", moment(when)), comment);
}

/** @param {any} actor */
function wakingWords(actor) {
  if (actor.kind === "system") return t("It came back, for its time had come");
  return actor.kind === "customer" ? t("It came back when {who} wrote", { who: actor.name }) : t("{who} brought it back", { who: actor.name });
}

/** One line of the history in words. @param {any} event */
function eventWords({ kind, actor, data }) {
  const who = personName(actor);
  switch (kind) {
    case "opened":
      return t("{who} opened the ticket", { who });
    case "claimed":
      return t("{who} claimed it", { who });
    case "released":
      return t("{who} put it back into the queue", { who });
    case "assigned":
      return t("{who} handed it to {name}", { who, name: data.agent?.name });
    case "handed_over":
      return t("{who} handed it over to a person", { who });
    case "status_changed":
      return t("{who} set it to {status}", { who, status: name(data.to) });
    case "snoozed":
      return t("{who} snoozed it until {time}", { who, time: exact(data.until) });
    case "woken":
      return wakingWords(actor);
    case "tagged":
      return t("{who} added tags: {tags}", { who, tags: data.tags.join(", ") });
    case "untagged":
      return t("{who} removed tags: {tags}", { who, tags: data.tags.join(", ") });
    case "priority_changed":
      return t("{who} set the priority to {priority}", { who, priority: name(data.to) });
    case "merged":
      return t("{who} merged it into {number}", { who, number: data.into.ticket_no });
    case "took_in":
      return t("{who} merged {number} into it", { who, number: data.source.ticket_no });
    case "rated":
      return t("{who} rated it {rating}", { who, rating: scoreWords(data.score) });
    default:
      return `${who}: ${kind}`;
  }
}

customElements.define("desk-context", DeskContext);
