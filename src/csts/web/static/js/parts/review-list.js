/** <review-list>: answers that agents called wrong, for the admin who looks after the articles. */

import { readable } from "../lib/assistant.js";
import { h, icon, moment, need } from "../lib/dom.js";
import { call, get } from "../lib/http.js";
import { percent, t, tn } from "../lib/words.js";
import { toast } from "./toast.js";

const SKELETON_AFTER_MS = 200;

class ReviewList extends HTMLElement {
  connectedCallback() {
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.rows = h("div");
    this.append(this.said, this.rows);
    this.refresh();
  }

  async refresh() {
    const waiting = setTimeout(() => this.rows.replaceChildren(h("div", { class: "wrong surface skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    try {
      this.#show((await get("/assistant/review")).items);
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
      this.rows.replaceChildren(h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"), h("h3", {}, t("The list could not be read")), h("p", {}, problem.detail), again));
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {any[]} items */
  #show(items) {
    if (!items.length) return this.#empty();
    this.rows.replaceChildren(h("ul", { class: "wrongs", role: "list" }, ...items.map((item) => this.#row(item))));
    this.said.textContent = tn("{count} wrong answer", "{count} wrong answers", items.length);
  }

  #empty() {
    this.rows.replaceChildren(h("div", { class: "empty surface" }, icon("check"), h("h3", {}, t("Nothing to look after")), h("p", {}, t("No answer is marked as wrong."))));
    this.said.textContent = t("Nothing to look after");
  }

  /** @param {any} item */
  #row(item) {
    const article = item.citations[0];
    const done = h("button", { type: "button", class: "button", onclick: (event) => this.#settle(item.id, event.currentTarget) }, icon("check", "small"), t("Done"));
    return h("li", { class: "wrong surface" },
      h("p", { class: "wrong-facts" }, moment(item.at), " · ", t("{share} sure", { share: percent(readable(item.confidence)) })),
      h("h3", {}, t("Asked")), h("p", { class: "wrong-words", dir: "auto" }, item.question),
      h("h3", {}, t("Answered")), h("p", { class: "wrong-words", dir: "auto" }, item.answer),
      h("div", { class: "wrong-acts" },
        article ? h("a", { href: `/desk/knowledge/${article.id}`, dir: "auto" }, icon("file", "small"), article.title) : null,
        h("a", { href: `/desk/tickets/${item.ticket_id}` }, icon("inbox", "small"), t("Its ticket")),
        done));
  }

  /** @param {number} id @param {HTMLElement} button */
  async #settle(id, button) {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await call("DELETE", `/assistant/review/${id}`);
      this.#take(/** @type {HTMLElement} */ (button.closest("li")));
    } catch (problem) {
      button.removeAttribute("aria-busy");
      toast(problem.detail, { tone: "urgent" });
    }
  }

  /** Off the list; the focus goes to the next one. @param {HTMLElement} row */
  #take(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    if (!next) this.#empty();
    else this.said.textContent = t("Taken off the list.");
    (next?.querySelector("button") ?? need("#review-title", document)).focus();
  }
}

customElements.define("review-list", ReviewList);
