/** <desk-ticket>: what an agent does to the ticket in view: claim, release, hand over, status, priority. */

import { colleagues } from "../lib/colleagues.js";
import { ACTIVE } from "../lib/desk.js";
import { h, icon, need } from "../lib/dom.js";
import { call, put } from "../lib/http.js";
import { addressFor } from "../lib/merged.js";
import { name, shortName } from "../lib/names.js";
import { page } from "../lib/page.js";
import { Turns } from "../lib/turns.js";
import { t } from "../lib/words.js";
import { priorityMark } from "./desk-row.js";
import { StatusUndo } from "./desk-undo.js";
import { isOpen, menuButton } from "./menu.js";
import { snoozeMenu } from "./snooze-menu.js";
import { toast } from "./toast.js";
import { say } from "./voice.js";

const COPIED_MS = 1500;
const STATUS_ICONS = { open: "inbox", in_progress: "chat", waiting: "clock", resolved: "check", closed: "lock" };

/** Events (bubbling): `changed` (detail: the ticket, from an answer), `leave`, `context`, `merge` (wants to). */
class DeskTicket extends HTMLElement {
  /** @type {any} */
  ticket = null;
  undo = new StatusUndo((ticket) => this.#took(ticket));
  #turns = new Turns();

  connectedCallback() {
    this.number = h("button", { type: "button", class: "ticket-number", title: t("Copy the number"), onclick: () => this.#copy() });
    this.subject = h("h1", { dir: "auto", tabindex: "-1" });
    this.acts = h("div", { class: "desk-acts" });
    // The event of a menu does not bubble.
    this.acts.addEventListener("toggle", () => this.#draw(), { capture: true });
    const back = h("button", { type: "button", class: "icon-button desk-back", "aria-label": t("Back to the list"), onclick: () => this.#tell("leave") }, icon("chevron-left"));
    const more = h("button", { type: "button", class: "icon-button desk-more", "aria-label": t("Customer and details"), title: t("Customer and details"), onclick: () => this.#tell("context") }, icon("panel"));
    this.append(back, h("div", { class: "desk-title" }, this.number, this.subject), this.acts, more);
  }

  /** @param {any} ticket */
  show(ticket) {
    const isOther = ticket.id !== this.ticket?.id;
    // What is still being done to the other one holds up nothing here.
    if (isOther) this.#turns = new Turns();
    if (isOther) this.acts.removeAttribute("aria-busy");
    if (ticket.merged_into && !isOther && !this.ticket.merged_into) say(`${ticket.ticket_no}: ${goesOn(ticket)}`);
    this.ticket = ticket;
    this.number.textContent = ticket.ticket_no;
    this.subject.textContent = ticket.subject;
    // The focus stays where it is, on a row for one, so nothing else tells that another ticket is here.
    if (isOther) say([ticket.ticket_no, ticket.subject, ticket.customer.name].join(", "));
    this.#draw(isOther);
  }

  /** What can be done to the ticket; a menu that is open stays, and what has changed meanwhile is drawn when it is shut. */
  #draw(isOther = false) {
    const { ticket } = this;
    if (!isOther && [...this.acts.querySelectorAll("[popover]")].some(isOpen)) return;
    const key = [ticket.id, ticket.status, ticket.priority, ticket.agent?.id, ticket.snoozed_until, goesOn(ticket)].join();
    if (this.acts.dataset.key === key) return;
    this.acts.dataset.key = key;
    const used = isOther ? -1 : [...this.acts.children].findIndex((act) => act.contains(document.activeElement));
    this.acts.replaceChildren(...(ticket.merged_into ? [merged(ticket)] : this.#menus(ticket)));
    // The buttons are new; whoever used one by keyboard stays on it.
    const place = this.acts.children[Math.min(used, this.acts.children.length - 1)];
    if (used >= 0) /** @type {HTMLElement|null} */ (place.matches("a") ? place : place.querySelector("button"))?.focus();
  }

  async claim() {
    if (!this.ticket || this.ticket.agent) return;
    await this.#do("POST", `/tickets/${this.ticket.id}/claim`);
  }

  /** For oneself alone; the list hears of it by its own line. */
  async markUnread() {
    try {
      await put(`/tickets/${this.ticket.id}/unread`, undefined);
      toast(t("Unread again, for you alone."));
    } catch (problem) {
      toast(refusal(problem), { tone: "urgent" });
    }
  }

  async release() {
    await this.#do("POST", `/tickets/${this.ticket.id}/release`);
  }

  /** Sets the status, and offers the way back. @param {string} status @returns {Promise<boolean>} whether it is set */
  async moveTo(status) {
    const { id } = this.ticket;
    let { status: before } = this.ticket;
    // When its turn comes, what was asked for before may have set another one.
    const begin = () => this.ticket.id === id && (before = this.ticket.status);
    const moved = await this.#do("PUT", `/tickets/${id}/status`, { status }, begin);
    if (moved) this.undo.offer(moved, before);
    return moved !== null;
  }

  /** When what was asked of the ticket so far is done, well or not. @returns {Promise<void>} */
  get settled() {
    return this.#turns.settled;
  }

  /** Opens one of the menus. @param {"holder"|"status"|"priority"|"snooze"} menu */
  open(menu) {
    need(`[data-menu="${menu}"] [aria-haspopup]`, this.acts).click();
  }

  get mayRelease() {
    const { agent } = this.ticket;
    return Boolean(agent) && (agent.id === page.me?.id || page.me?.role === "admin");
  }

  #menus(ticket) {
    const menus = { holder: this.#holder(ticket), status: this.#status(ticket), priority: this.#priority(ticket), ...this.#snooze(ticket) };
    for (const [name, menu] of Object.entries(menus)) menu.dataset.menu = name;
    return Object.values(menus);
  }

  /** What the menus offer, for the palette. @returns {import("../lib/commands.js").Command[]} */
  get choices() {
    const { agent } = this.ticket;
    if (this.ticket.merged_into) return [];
    colleagues.load();
    const offered = (/** @type {string} */ kind, /** @type {import("./menu.js").Choice[]} */ choices, /** @type {(name: string) => string} */ say) =>
      choices.filter((choice) => !choice.current).map((choice) => ({ ...choice, id: `${kind}:${choice.name}`, name: say(choice.name) }));
    return [
      ...offered("status", this.#statuses(this.ticket), (each) => t("Status: {status}", { status: each })),
      ...offered("priority", this.#priorities(this.ticket), (each) => t("Priority: {priority}", { priority: each })),
      ...offered("assign", this.#colleagues(this.ticket.id, agent?.id ?? page.me?.id), (each) => each),
    ];
  }

  /** What is solved is in no queue that it could leave. */
  #snooze(ticket) {
    return ACTIVE.includes(ticket.status) ? { snooze: snoozeMenu(ticket, (method, path, json) => this.#do(method, path, json)) } : {};
  }

  #holder({ id, agent }) {
    if (!agent) return this.#unowned(id);
    const words = agent.id === page.me?.id ? t("Yours") : agent.name;
    const content = [icon("user", "small"), h("span", { class: "act-name" }, words), icon("chevron-down", "small")];
    return menuButton({ name: t("Handled by {name}. Hand over or release", { name: agent.name }), content, class: "button holder-button" }, () => this.#handover(id, agent), () => colleagues.load());
  }

  #unowned(id) {
    const claim = h("button", { type: "button", class: "button primary", onclick: () => this.claim() }, icon("claim", "small"), t("Claim"));
    const give = menuButton({ name: t("Hand over to a colleague"), content: [icon("chevron-down", "small")], class: "button primary" }, () => this.#colleagues(id, page.me?.id), () => colleagues.load());
    return h("span", { class: "split-button" }, claim, give);
  }

  #handover(id, agent) {
    const release = { name: t("Back into the queue"), icon: "inbox", act: () => this.release() };
    const others = this.#colleagues(id, agent.id);
    return this.mayRelease ? [release, ...others] : others;
  }

  /** @param {number} id @param {number|undefined} but who needs no mention */
  #colleagues(id, but) {
    return colleagues.active.filter((each) => each.id !== but).map((each) => ({
      name: each.id === page.me?.id ? t("Take it over myself") : t("Hand over to {name}", { name: each.name }),
      icon: "user",
      hint: each.online ? t("online") : "",
      act: () => this.#do("PUT", `/tickets/${id}/assignee`, { agent_id: each.id }),
    }));
  }

  #status(ticket) {
    const { status } = ticket;
    const content = [icon(STATUS_ICONS[status], "small"), shortName(status), icon("chevron-down", "small")];
    const unread = { name: t("Mark as unread"), icon: "eye-off", hint: "u", isAct: true, act: () => this.markUnread() };
    const merge = { name: t("Merge into another ticket…"), icon: "merge", hint: "Shift+M", isAct: true, act: () => this.#tell("merge") };
    return menuButton({ name: t("Status: {status}", { status: name(status) }), content, class: `button status-button ${status}` }, () => [...this.#statuses(ticket), unread, merge]);
  }

  #statuses({ status, allowed_statuses: allowed }) {
    return [status, ...allowed].map((each) => ({
      name: name(each),
      icon: STATUS_ICONS[each],
      current: each === status,
      act: () => this.moveTo(each),
    }));
  }

  #priority(ticket) {
    const { priority } = ticket;
    const content = [priorityMark(priority), icon("chevron-down", "small")];
    return menuButton({ name: t("Priority: {priority}", { priority: name(priority) }), content, class: "button priority-button" }, () => this.#priorities(ticket));
  }

  #priorities({ id, priority }) {
    return page.options.priorities.toReversed().map((each) => ({
      name: name(each),
      current: each === priority,
      act: () => this.#do("PUT", `/tickets/${id}/priority`, { priority: each }),
    }));
  }

  /** The screen changes by the answer, or by the event that the room gets; whichever comes first. Gives null where nothing was done. */
  async #do(method, path, json, begin = () => {}) {
    const act = async () => {
      begin();
      const ticket = await call(method, path, { json });
      this.#took(ticket);
      return ticket;
    };
    this.acts.setAttribute("aria-busy", "true");
    try {
      return await this.#turns.take([method, path, JSON.stringify(json)].join(" "), act);
    } catch (problem) {
      toast(refusal(problem), { tone: "urgent" });
      return null;
    } finally {
      this.acts.toggleAttribute("aria-busy", this.#turns.isBusy);
    }
  }

  /** @param {any} ticket */
  #took(ticket) {
    if (this.ticket?.id === ticket.id) this.#tell("changed", ticket);
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

/** Where it goes on, in the place of all that could be done with it. @param {any} ticket */
const merged = (ticket) => h("a", { class: "button", href: addressFor("agent", ticket.merged_into.id), "data-ticket": ticket.merged_into.id }, icon("merge", "small"), goesOn(ticket));

/** @param {any} ticket @returns {string|null} */
const goesOn = ({ merged_into: into }) => into && t("Merged into {number}", { number: into.ticket_no });

/** Why the desk says no, with what may be done instead. @param {any} problem */
function refusal({ code, detail, message, body }) {
  if (code !== "illegal_move") return detail ?? message;
  const possible = t("Possible now: {statuses}.", { statuses: body.allowed.map(name).join(", ") });
  return `${detail} ${possible}`;
}

customElements.define("desk-ticket", DeskTicket);
