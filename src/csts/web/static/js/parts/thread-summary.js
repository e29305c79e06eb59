/** The summary of a long thread in the desk's context pane: made when an agent asks for it, and kept by nobody. */

import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { t, tn } from "../lib/words.js";

// About two screens; what is shorter is read as quickly as its summary.
const LONG_LINES = 12;

/** One for each ticket that is in view; `element` stays hidden until its thread is long. */
export class ThreadSummary {
  #path;

  constructor(/** @type {number} */ ticketId) {
    this.#path = `/tickets/${ticketId}/assistant/summary`;
    this.hint = h("p", { class: "hint" });
    this.words = h("span", {}, t("Summarise"));
    this.button = h("button", { type: "button", class: "button", onclick: () => this.#ask() }, icon("list", "small"), this.words);
    // It stands in the page before there is anything to say: a region that comes with its first words is not read out.
    this.said = h("div", { class: "assistant-summary", role: "status" });
    this.element = h("section", { class: "context-summary", hidden: true }, h("h3", {}, t("In short")), this.hint, this.said, h("div", {}, this.button));
  }

  /** How many lines the thread has by now, events and notes included. @param {number} lines */
  count(lines) {
    this.element.hidden = lines < LONG_LINES;
    this.hint.textContent = tn("This conversation has {count} line.", "This conversation has {count} lines.", lines);
  }

  async #ask() {
    if (this.button.hasAttribute("aria-busy")) return;
    this.button.setAttribute("aria-busy", "true");
    this.said.replaceChildren(h("p", { class: "hint" }, t("Summing up…")));
    try {
      const { summary } = await post(this.#path);
      this.said.replaceChildren(h("h4", {}, t("Summary")), h("p", { class: "assistant-lines", dir: "auto" }, summary));
      this.words.textContent = t("Summarise again");
    } catch (problem) {
      this.said.replaceChildren(h("p", {}, t("There is no summary now. {why}", { why: problem.detail })));
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}
