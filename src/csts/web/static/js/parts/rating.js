/** <ticket-rating>: at the end of a solved conversation, its customer says how it was. */

import { h, icon } from "../lib/dom.js";
import { get, put } from "../lib/http.js";
import { SCORES, scoreWords } from "../lib/rating.js";
import { t } from "../lib/words.js";

const COMMENT_CHARS = 1000;

class TicketRating extends HTMLElement {
  /** @type {number|null} */
  #ticketId = null;

  /** Of the ticket that is solved now; null takes the question away. @param {number|null} ticketId */
  async show(ticketId) {
    if (ticketId === this.#ticketId) return;
    this.#ticketId = ticketId;
    if (ticketId === null) return this.replaceChildren();
    // Without an answer nobody is asked: a second rating would take the place of one that he has forgotten.
    const found = await get(`/tickets/${ticketId}/ratings`).catch(() => null);
    if (!found || ticketId !== this.#ticketId) return;
    const given = found.items.find((/** @type {any} */ rating) => rating.current);
    if (given) this.#thank(given);
    else this.#ask(null);
  }

  /** @param {any} given what he has said before, or null */
  #ask(given) {
    const title = h("legend", {}, t("How did we do?"));
    const scores = h("fieldset", { class: "rating-scores", "aria-describedby": "rating-error" }, title, h("div", {}, ...SCORES.map(({ score, word }) => choice(score, t(word), given?.score === score))));
    this.comment = /** @type {HTMLTextAreaElement} */ (h("textarea", { class: "input", id: "rating-comment", rows: "2", maxlength: String(COMMENT_CHARS), dir: "auto" }));
    this.comment.value = given?.comment ?? "";
    this.error = h("p", { class: "error", id: "rating-error", role: "alert" });
    this.button = h("button", { type: "submit", class: "button primary" }, t("Give rating"));
    const form = h("form", { class: "rating surface", novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#give(event) }, scores,
      h("div", { class: "field" }, h("label", { for: "rating-comment" }, t("What was good, what was not?"), " ", h("span", { class: "optional" }, t("(optional)"))), this.comment),
      this.error, h("div", {}, this.button));
    this.replaceChildren(form);
  }

  /** @param {any} given */
  #thank(given) {
    const mayChange = Date.parse(given.changeable_until) > Date.now();
    const words = h("p", { tabindex: "-1" }, h("strong", {}, t("Thank you.")), " ", t("You rated this {rating}.", { rating: scoreWords(given.score) }));
    const change = h("button", { type: "button", class: "button quiet", onclick: () => (this.#ask(given), this.#first.focus()) }, t("Change"));
    this.replaceChildren(h("div", { class: "rating given surface" }, icon("check"), words, mayChange ? change : null));
    return words;
  }

  /** @returns {HTMLElement} the radio that has been chosen, or the first */
  get #first() {
    return /** @type {HTMLElement} */ (this.querySelector("input:checked") ?? this.querySelector("input"));
  }

  /** @param {Event} event */
  async #give(event) {
    event.preventDefault();
    const chosen = /** @type {HTMLInputElement|null} */ (this.querySelector("input:checked"));
    this.error.textContent = chosen ? "" : t("Please choose one.");
    if (!chosen) return this.#first.focus();
    if (this.button.hasAttribute("aria-busy")) return;
    this.button.setAttribute("aria-busy", "true");
    try {
      const given = await put(`/tickets/${this.#ticketId}/rating`, { score: Number(chosen.value), comment: this.comment.value });
      // The form is gone with its button, so the thanks get the focus, and are read out.
      this.#thank(given).focus();
    } catch (problem) {
      this.error.textContent = /** @type {Error} */ (problem).message;
      this.button.removeAttribute("aria-busy");
    }
  }
}

/** @param {number} score @param {string} word @param {boolean} isChosen */
function choice(score, word, isChosen) {
  const radio = /** @type {HTMLInputElement} */ (h("input", { class: "visually-hidden", type: "radio", name: "score", value: String(score) }));
  radio.checked = isChosen;
  return h("label", {}, radio, h("span", { class: "rating-number" }, score), h("span", {}, word));
}

customElements.define("ticket-rating", TicketRating);
