/** Merging the ticket in view: into which one, and what comes of it, before it is done for good. */

import { numberIn } from "../lib/commands.js";
import { ACTIVE } from "../lib/desk.js";
import { h, moment } from "../lib/dom.js";
import { get, post } from "../lib/http.js";
import { name } from "../lib/names.js";
import { t } from "../lib/words.js";

const MOST_OFFERED = 20;

export class MergeDialog {
  #ticket;
  #merged;

  /** @param {any} ticket which is merged @param {(target: any) => void} merged hears of the ticket that it is a part of now */
  constructor(ticket, merged) {
    this.#ticket = ticket;
    this.#merged = merged;
    this.offers = h("div", { class: "merge-offers" }, h("p", { class: "hint" }, t("Loading…")));
    this.number = /** @type {HTMLInputElement} */ (h("input", { class: "input", id: "merge-number", autocomplete: "off", placeholder: "L1-000123", "aria-describedby": "merge-error", oninput: () => this.#typed() }));
    this.wrong = h("p", { class: "error", id: "merge-error", role: "alert" });
    this.button = h("button", { class: "button primary" }, t("Merge"));
    this.dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "merge-dialog", "aria-labelledby": "merge-title", onclose: () => this.dialog.remove() },
      h("h2", { id: "merge-title" }, t("Merge {number} into another ticket", { number: ticket.ticket_no })),
      h("p", { class: "hint", dir: "auto" }, ticket.subject),
      this.#form(ticket.customer)));
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.#offer();
  }

  #form(customer) {
    const cancel = h("button", { type: "button", class: "button quiet", onclick: () => this.dialog.close() }, t("Cancel"));
    return h("form", { class: "merge-form", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.#merge()) },
      h("fieldset", {}, h("legend", {}, t("Other open tickets of {name}", { name: customer.name })), this.offers),
      h("div", { class: "merge-number" }, h("label", { for: "merge-number" }, t("Or its number")), this.number, this.wrong),
      effects(this.#ticket),
      h("div", { class: "dialog-acts" }, cancel, this.button));
  }

  /** @returns {HTMLInputElement|null} */
  get #chosen() {
    return this.offers.querySelector("input:checked");
  }

  /** One way or the other: what is typed is meant. */
  #typed() {
    const chosen = this.#chosen;
    if (chosen && this.number.value) chosen.checked = false;
  }

  async #offer() {
    const { id, customer } = this.#ticket;
    const query = new URLSearchParams({ customer: String(customer.id), sort: "-updated_at", limit: String(MOST_OFFERED + 1) });
    for (const status of ACTIVE) query.append("status", status);
    const found = await get(`/tickets?${query}`).catch(() => null);
    if (!found) return this.offers.replaceChildren(h("p", { class: "hint" }, t("These could not be read.")));
    const others = found.items.filter((row) => row.id !== id).slice(0, MOST_OFFERED);
    if (!others.length) return this.offers.replaceChildren(h("p", { class: "hint" }, t("There is no other one.")));
    this.offers.replaceChildren(...others.map((row) => offer(row, () => (this.number.value = ""))));
    // None is chosen before somebody has: Enter must not merge into what happens to stand first.
    if (document.activeElement === this.number && !this.number.value.trim()) this.offers.querySelector("input")?.focus();
  }

  async #merge() {
    const into = this.#chosen ? Number(this.#chosen.value) : numberIn(this.number.value);
    this.wrong.textContent = into ? "" : t("Please choose a ticket, or type its number.");
    if (!into) return this.number.focus();
    if (this.button.hasAttribute("aria-busy")) return;
    this.button.setAttribute("aria-busy", "true");
    try {
      const target = await post(`/tickets/${this.#ticket.id}/merge`, { into });
      this.dialog.close();
      this.#merged(target);
    } catch (problem) {
      const { code, message } = /** @type {any} */ (problem);
      this.wrong.textContent = code === "not_found" ? t("There is no ticket with that number.") : t(message);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}

/** @param {any} row @param {() => void} choose */
const offer = (row, choose) =>
  h("label", { class: "merge-offer" }, h("input", { type: "radio", name: "into", value: row.id, onchange: choose }),
    h("span", {}, h("span", { class: "merge-subject", dir: "auto" }, row.subject),
      h("span", { class: "hint" }, [row.ticket_no, name(row.status), row.agent?.name].filter(Boolean).join(" · "), " · ", moment(row.updated_at))));

/** @param {any} ticket */
function effects({ ticket_no: number, customer }) {
  const words = [
    t("{number} is closed for good. What was said in it stays, and is read from the other ticket as well.", { number }),
    t("{name} is told once, in the ticket that goes on, and writes there from now on.", { name: customer.name }),
    t("Tags go over, and an answer that is still due. The ticket that goes on keeps its agent and its priority."),
  ];
  return h("ul", { class: "merge-effects" }, ...words.map((each) => h("li", {}, each)), h("li", {}, h("strong", {}, t("This cannot be undone."))));
}
