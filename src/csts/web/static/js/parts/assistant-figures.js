/** <assistant-figures>: how the assistant did in the last 30 days, as a few shares with the numbers behind them. */

import { h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { number, percent, t, tn } from "../lib/words.js";

const SKELETON_AFTER_MS = 200;
const DAYS = 30;

class AssistantFigures extends HTMLElement {
  connectedCallback() {
    this.refresh();
  }

  async refresh() {
    const waiting = setTimeout(() => this.replaceChildren(skeleton()), SKELETON_AFTER_MS);
    try {
      const figures = await get(`/assistant/figures?days=${DAYS}`);
      this.replaceChildren(figures.talks ? tiles(figures) : nothing());
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
      this.replaceChildren(h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"), h("h3", {}, t("The figures could not be read")), h("p", {}, problem.detail), again));
    } finally {
      clearTimeout(waiting);
    }
  }
}

const skeleton = () => h("div", { class: "figures", "aria-hidden": "true" }, ...[1, 2, 3, 4].map(() => h("div", { class: "figure skeleton" })));

const nothing = () =>
  h("div", { class: "empty surface" }, icon("assistant"), h("h3", {}, t("Nothing to count yet")), h("p", {}, t("The figures begin with the first ticket that the assistant answers.")));

/** @param {any} figures */
function tiles({ talks, answers, solved, handed_over: handedOver, right, wrong, reopened, containment, handover, wrong_answers: wrongShare, reopen }) {
  return h("dl", { class: "figures" },
    tile(t("Settled without a person"), share(containment), tn("{count} ticket was solved by the assistant alone", "{count} tickets were solved by the assistant alone", solved)),
    tile(t("Handed over to a person"), share(handover), tn("{count} ticket went to a person", "{count} tickets went to a person", handedOver)),
    tile(t("Wrong answers"), share(wrongShare), tn("of {count} answer that an agent looked at", "of {count} answers that an agent looked at", right + wrong)),
    tile(t("Came back"), share(reopen), tn("{count} solved ticket was opened again", "{count} solved tickets were opened again", reopened)),
    tile(t("Tickets"), number(talks), tn("with {count} answer", "with {count} answers", answers)));
}

/** @param {number|null} value */
const share = (value) => (value === null ? "–" : percent(value));

/** @param {string} name @param {string} value @param {string} words */
const tile = (name, value, words) => h("div", { class: "figure surface" }, h("dt", {}, name), h("dd", {}, h("strong", {}, value), h("span", { class: "hint" }, words)));

customElements.define("assistant-figures", AssistantFigures);
