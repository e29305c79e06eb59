/** <rule-trial>: a sentence to try, and which rule would answer it. */

import { Asking } from "../lib/asking.js";
import { h, icon, need } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { t } from "../lib/words.js";

const DELAY_MS = 250;

class RuleTrial extends HTMLElement {
  connectedCallback() {
    this.input = need("input", this);
    this.place = need("[data-answer]", this);
    this.asking = new Asking({ ask: (text, signal) => this.#ask(text, signal), take: ({ rule }, text) => this.#show(rule, text), fail: (problem) => this.#draw(h("p", { class: "hint" }, t(problem.message))), delay: DELAY_MS });
    this.asking.follow(this.input);
    need("form", this).addEventListener("submit", (event) => (event.preventDefault(), this.asking.now(this.input.value.trim())));
    document.addEventListener("rules-changed", () => this.#again());
  }

  #again() {
    const text = this.input.value.trim();
    if (!text) return;
    this.asking.known("");
    this.asking.now(text);
  }

  /** @param {string} text @param {AbortSignal} signal */
  async #ask(text, signal) {
    return text ? get(`/knowledge/rules/match?${new URLSearchParams({ q: text })}`, { signal }) : { rule: null };
  }

  /** @param {any} rule @param {string} text */
  #show(rule, text) {
    document.dispatchEvent(new CustomEvent("rule-matched", { detail: rule?.id ?? null }));
    if (!text) return this.#draw(h("p", { class: "hint" }, t("Here you see which rule would answer.")));
    if (!rule) return this.#draw(h("p", {}, t("No rule answers this; the assistant looks it up in the articles.")));
    this.#draw(h("p", { class: "trial-rule" }, icon("check", "small"), h("span", {}, t("Rule {number} answers:", { number: rule.position }), " ", h("strong", { dir: "auto" }, rule.name))), h("p", { class: "trial-reply", dir: "auto" }, rule.reply));
  }

  /** @param {...HTMLElement} parts */
  #draw(...parts) {
    this.place.replaceChildren(...parts);
  }
}

customElements.define("rule-trial", RuleTrial);
