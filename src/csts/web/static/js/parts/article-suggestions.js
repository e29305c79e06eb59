/**
 * <article-suggestions for="subject description">: articles that may help, found while those fields are written.
 * It has its room from the start, so nothing jumps; when the search fails it stays as it is, for nobody has asked for it.
 */

import { Asking } from "../lib/asking.js";
import { h, icon, need } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { t, tn } from "../lib/words.js";

const MOST = 3;
const DELAY_MS = 400;
// A question is known by its first words, and an address must not grow without end.
const LEAST_CHARS = 4;
const MOST_CHARS = 500;

/** @param {{id: number, title: string, excerpt: string}} article */
const row = ({ id, title, excerpt }) =>
  h("li", {},
    h("a", { class: "suggestion", href: `/help/${id}`, target: "_blank", title: excerpt },
      h("span", { class: "suggestion-title", dir: "auto" }, title),
      icon("outside", "small"),
      h("span", { class: "visually-hidden" }, t("(opens in a new tab)"))));

class ArticleSuggestions extends HTMLElement {
  #shown = "";

  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (this.closest("form"));
    this.fields = (this.getAttribute("for") ?? "").split(" ").map((name) => /** @type {any} */ (form.elements.namedItem(name)));
    this.asking = new Asking({ ask: (text, signal) => this.#ask(text, signal), take: ({ items }) => this.#show(items), delay: DELAY_MS });
    for (const field of this.fields) field.addEventListener("input", () => this.look());
  }

  /** For what stands in the fields now. */
  look() {
    this.asking?.soon(this.#question());
  }

  #question() {
    const text = this.fields?.map(({ value }) => value.trim()).join(" ").replace(/\s+/gu, " ").trim() ?? "";
    return text.length < LEAST_CHARS ? "" : text.slice(0, MOST_CHARS);
  }

  /** @param {string} text @param {AbortSignal} signal */
  async #ask(text, signal) {
    return text ? get(`/help/articles?${new URLSearchParams({ q: text, limit: String(MOST) })}`, { signal }) : { items: [] };
  }

  /** @param {{id: number, title: string, excerpt: string}[]} articles */
  #show(articles) {
    const ids = articles.map(({ id }) => id).join();
    if (ids === this.#shown) return;
    this.#shown = ids;
    need("[data-hint]", this).hidden = articles.length > 0;
    need("[data-some]", this).hidden = articles.length === 0;
    need("ul", this).replaceChildren(...articles.map(row));
    need("[role=status]", this).textContent = articles.length ? tn("{count} article may help; it is listed after the description.", "{count} articles may help; they are listed after the description.", articles.length) : "";
  }
}

customElements.define("article-suggestions", ArticleSuggestions);
