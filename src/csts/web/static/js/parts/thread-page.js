/** What stands around a customer's conversation: number, subject, plain status, who handles it, details, close and reopen. */

import { plainStatus } from "../lib/cards.js";
import { h, moment, need } from "../lib/dom.js";
import { put } from "../lib/http.js";
import { addressFor } from "../lib/merged.js";
import { name } from "../lib/names.js";
import { style } from "../lib/style.js";
import { t } from "../lib/words.js";
import { lightboxWithin } from "./lightbox-links.js";
import { drawAttachments } from "./message.js";
import { ticketCard } from "./ticket-card.js";
import { entitle } from "./title.js";

export class TicketPage extends HTMLElement {
  #status = null;
  #assisted = false;

  connectedCallback() {
    this.room = need("ticket-room", this);
    this.drawer = need("dialog", this);
    this.room.addEventListener("ticket", (event) => this.#draw(event.detail));
    this.room.addEventListener("spoken", () => this.room.ticket && this.#draw(this.room.ticket));
    this.room.addEventListener("presence", () => this.#who());
    this.room.addEventListener("assistant", (event) => this.#assist(event.detail));
    this.#on("[data-details]", () => this.drawer.showModal());
    this.#on("[data-shut]", () => this.drawer.close());
    this.#on("[data-close]", () => this.#move("closed"));
    this.#on("[data-reopen]", () => this.#move("open"));
    this.drawer.addEventListener("click", (event) => event.target === this.drawer && this.drawer.close());
    lightboxWithin(need("[data-screenshots]", this));
    if (this.room.ticket) this.#draw(this.room.ticket);
  }

  /** True or false by who spoke last; undefined while nobody but the system has. */
  get #awaitsReply() {
    const last = this.room.lastSpeaker;
    return last ? last.kind === "customer" : undefined;
  }

  #on(selector, act) {
    need(selector, this).addEventListener("click", act);
  }

  #text(selector, words) {
    const element = need(selector, this);
    if (element.textContent !== words) element.textContent = words;
  }

  #draw(ticket) {
    const { word, tone } = plainStatus({ ...ticket, awaiting_reply: this.#awaitsReply });
    this.#text("[data-number]", ticket.ticket_no);
    this.#text("[data-subject]", ticket.subject);
    this.#text("[data-status]", t(word));
    need("[data-status]", this).className = `pill ${tone}`;
    entitle({ words: `${ticket.subject} · ${ticket.ticket_no}` });
    need("[data-close]", this).hidden = ["resolved", "closed"].includes(ticket.status);
    need("[data-reopen]", this).hidden = !ticket.allowed_statuses.includes("open");
    need("[data-acts]", this).removeAttribute("data-waiting");
    this.#solved(ticket);
    this.#who();
    if (!this.drawn) this.#once(ticket);
    this.#facts(ticket);
  }

  /** Said when it happens, and there for as long as it holds. */
  #solved({ status, merged_into: into }) {
    const state = into ? "merged" : status;
    // Where it goes on may be yet another ticket later.
    if (state === this.#status && !into) return;
    this.#status = state;
    const words = {
      resolved: t("Solved. If it is not, just write here and we take it up again."),
      closed: t("This ticket is closed. You can reopen it at any time."),
      merged: into && t("We put this ticket together with {number}. The conversation goes on there.", { number: into.ticket_no }),
    };
    this.#text("[data-solved]", words[state] ?? "");
    this.#rating(["resolved", "closed"].includes(state));
  }

  /** Loaded by those only who are asked. @param {boolean} isSolved */
  async #rating(isSolved) {
    if (isSolved && !this.rating) {
      await Promise.all([import("./rating.js"), style("rating")]);
      this.rating ??= document.createElement("ticket-rating");
      this.room.outro.replaceChildren(this.rating);
    }
    this.rating?.show(["resolved", "closed"].includes(this.#status) ? this.room.ticket.id : null);
  }

  #assist(talk) {
    this.#assisted = Boolean(talk?.speaks);
    this.#who();
  }

  #who() {
    const { ticket } = this.room;
    if (!ticket) return;
    const isHere = this.room.online.some(({ kind, id }) => kind === "agent" && id === ticket.agent?.id);
    const element = need("[data-who]", this);
    element.toggleAttribute("data-here", isHere);
    this.#text("[data-who]", whoWords(ticket, { isHere, isAssisted: this.#assisted }));
  }

  #once(ticket) {
    this.drawn = true;
    this.#text("[data-description]", ticket.description);
    need("[data-screenshots]", this).replaceChildren(drawAttachments(ticket.attachments));
    this.room.intro.replaceChildren(ticketCard(ticket, t("What you told us")));
    lightboxWithin(this.room.intro);
  }

  #facts(ticket) {
    const facts = [
      [t("Number"), ticket.ticket_no],
      [t("Status"), need("[data-status]", this).textContent],
      [t("Category"), name(ticket.issue_type)],
      [t("Priority"), name(ticket.priority)],
      [t("Call back"), ticket.callback_number],
      [t("Opened"), moment(ticket.created_at)],
      [t("Goes on in"), ticket.merged_into && ticketLink(ticket.merged_into)],
      ...ticket.merged_from.map((each) => [t("Merged into this one"), ticketLink(each)]),
    ];
    const rows = facts.filter(([, fact]) => fact).flatMap(([name, fact]) => [h("dt", {}, name), h("dd", {}, fact)]);
    need("[data-facts]", this).replaceChildren(...rows);
  }

  async #move(status) {
    this.#text("[data-alarm]", "");
    try {
      this.room.took(await put(`/tickets/${this.room.ticket.id}/status`, { status }));
    } catch (problem) {
      this.#text("[data-alarm]", problem.detail);
      need("[data-alarm]", this).className = "ticket-alarm";
    }
  }
}

const ticketLink = ({ id, ticket_no: number }) => h("a", { href: addressFor("customer", id) }, number);

function whoWords({ agent, status }, { isHere, isAssisted }) {
  if (["resolved", "closed"].includes(status)) return agent ? t("{name} handled it", { name: agent.name }) : "";
  if (!agent) return isAssisted ? t("The assistant is answering") : t("Waiting for an agent");
  return isHere ? t("{name} is handling it and is here", { name: agent.name }) : t("{name} is handling it", { name: agent.name });
}

customElements.define("ticket-page", TicketPage);
