/** <desk-ticket>: what an agent does to the ticket in view: claim, release, hand over, status, priority. */

import { h, icon, need } from "../lib/dom.js";
import { get, post, put } from "../lib/http.js";
import { name } from "../lib/names.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";
import { priorityMark } from "./desk-row.js";
import { menuButton } from "./menu.js";
import { toast } from "./toast.js";

const COPIED_MS = 1500;
const STATUS_ICONS = { open: "inbox", in_progress: "chat", waiting: "clock", resolved: "check", closed: "lock" };

/** Events (bubbling): `changed` (detail: the ticket, from an answer), `leave`, `context`. */
class DeskTicket extends HTMLElement {
  /** @type {any} */
  ticket = null;
  /** @type {{id: number, name: string, active: boolean, online: boolean}[]} */
  #agents = [];

  connectedCallback() {
    this.number = h("button", { type: "button", class: "ticket-number", title: t("Copy the number"), onclick: () => this.#copy() });
    this.subject = h("h1", { dir: "auto", tabindex: "-1" });
    this.acts = h("div", { class: "desk-acts" });
    const back = h("button", { type: "button", class: "icon-button desk-back", "aria-label": t("Back to the list"), onclick: () => this.#tell("leave") }, icon("chevron-left"));
    const more = h("button", { type: "button", class: "icon-button desk-more", "aria-label": t("Customer and details"), title: t("Customer and details"), onclick: () => this.#tell("context") }, icon("panel"));
    this.append(back, h("div", { class: "desk-title" }, this.number, this.subject), this.acts, more);
  }

  /** @param {any} ticket */
  show(ticket) {
    const isOther = ticket.id !== this.ticket?.id;
    this.ticket = ticket;
    this.number.textContent = ticket.ticket_no;
    this.subject.textContent = ticket.subject;
    const key = [ticket.id, ticket.status, ticket.priority, ticket.agent?.id].join();
    if (this.acts.dataset.key === key) return;
    this.acts.dataset.key = key;
    const focused = !isOther && this.acts.contains(document.activeElement);
    this.acts.replaceChildren(this.#holder(ticket), this.#status(ticket), this.#priority(ticket));
    // The buttons are new; whoever used one by keyboard stays among them.
    if (focused) /** @type {HTMLElement|null} */ (this.acts.querySelector("button"))?.focus();
  }

  async claim() {
    if (!this.ticket || this.ticket.agent) return;
    await this.#do(() => post(`/tickets/${this.ticket.id}/claim`));
  }

  openStatus() {
    need(".status-button", this.acts).click();
  }

  #holder({ id, agent }) {
    if (!agent) return h("button", { type: "button", class: "button primary", onclick: () => this.claim() }, icon("claim", "small"), t("Claim"));
    const words = agent.id === page.me?.id ? t("Yours") : agent.name;
    this.#load();
    return menuButton({ name: t("Handled by {name}. Hand over or release", { name: agent.name }), content: [icon("user", "small"), words, icon("chevron-down", "small")] }, () => this.#handover(id, agent));
  }

  #handover(id, agent) {
    const mayRelease = agent.id === page.me?.id || page.me?.role === "admin";
    const others = this.#agents.filter((each) => each.active && each.id !== agent.id).map((each) => ({
      name: each.id === page.me?.id ? t("Take it over myself") : t("Hand over to {name}", { name: each.name }),
      hint: each.online ? t("online") : "",
      act: () => this.#do(() => put(`/tickets/${id}/assignee`, { agent_id: each.id })),
    }));
    const release = { name: t("Back into the queue"), icon: "inbox", act: () => this.#do(() => post(`/tickets/${id}/release`)) };
    return mayRelease ? [release, ...others] : others;
  }

  #status({ id, status, allowed_statuses: allowed }) {
    const content = [icon(STATUS_ICONS[status], "small"), name(status), icon("chevron-down", "small")];
    const choices = () => [status, ...allowed].map((each) => ({
      name: name(each),
      icon: STATUS_ICONS[each],
      current: each === status,
      disabled: each === status,
      act: () => this.#do(() => put(`/tickets/${id}/status`, { status: each })),
    }));
    return menuButton({ name: t("Status: {status}", { status: name(status) }), content, class: `button status-button ${status}` }, choices);
  }

  #priority({ id, priority }) {
    const choices = () => page.options.priorities.toReversed().map((each) => ({
      name: name(each),
      current: each === priority,
      act: () => this.#do(() => put(`/tickets/${id}/priority`, { priority: each })),
    }));
    return menuButton({ name: t("Priority: {priority}", { priority: name(priority) }), content: [priorityMark(priority), icon("chevron-down", "small")], class: "button priority-button" }, choices);
  }

  /** The screen changes by the answer, or by the event that the room gets; whichever comes first. */
  async #do(act) {
    const { id } = this.ticket;
    this.acts.toggleAttribute("inert", true);
    try {
      const ticket = await act();
      if (this.ticket.id === id) this.#tell("changed", ticket);
    } catch (problem) {
      toast(problem.detail ?? String(problem), { tone: "urgent" });
    } finally {
      this.acts.toggleAttribute("inert", false);
    }
  }

  async #load() {
    this.#agents = await get("/agents").catch(() => this.#agents);
  }

  async #copy() {
    await navigator.clipboard?.writeText(this.ticket.ticket_no).catch(() => {});
    this.number.textContent = t("Copied");
    setTimeout(() => (this.number.textContent = this.ticket.ticket_no), COPIED_MS);
  }

  #tell(event, detail = null) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
  }
}

customElements.define("desk-ticket", DeskTicket);
