/** <article-list>: all articles of the desk, with a search that stays in the address. */

import { Asking } from "../lib/asking.js";
import { h, icon, moment, need } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t, tn } from "../lib/words.js";
import { failure } from "./failure.js";

const SKELETON_AFTER_MS = 200;
const DELAY_MS = 250;
const PAGE = 50;

/** @param {any} article who changed it last; nobody where a file did */
const changed = ({ updated_by: by, updated_at: at }) =>
  h("span", { class: "article-changed" }, by ? h("span", { dir: "auto" }, by.name) : t("Imported"), " · ", moment(at));

/** @param {any} article */
const row = (article) =>
  h("li", {},
    h("a", { class: "article-row", href: `/desk/knowledge/${article.id}` },
      h("span", { class: "article-title", dir: "auto" }, article.title),
      article.published ? null : h("span", { class: "pill warning" }, icon("eye-off", "small"), t("Not published")),
      h("span", { class: "article-facts" },
        h("code", {}, article.topic),
        h("span", {}, tn("{count} example", "{count} examples", article.examples)),
        changed(article))));

const skeleton = () => h("div", { class: "articles surface", "aria-hidden": "true" }, ...[1, 2, 3, 4].map(() => h("div", { class: "article-row skeleton" })));

class ArticleList extends HTMLElement {
  /** @type {string|null} */
  #cursor = null;

  connectedCallback() {
    this.form = need("form", this);
    this.rows = need("[data-rows]", this);
    const asked = new URLSearchParams(location.search);
    // What somebody has typed before this script was there stays.
    for (const name of ["q", "published"]) this.form.elements.namedItem(name).value ||= asked.get(name) ?? "";
    this.asking = new Asking({ ask: (query, signal) => this.#ask(query, signal), take: (answer, query) => this.#show(answer, query), fail: (problem) => this.#complain(problem), delay: DELAY_MS });
    this.form.addEventListener("input", () => this.asking.soon(this.#query()));
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.asking.now(this.#query())));
    this.asking.now(this.#query());
  }

  #query() {
    const given = [...new FormData(this.form)].map(([name, value]) => [name, String(value).trim()]);
    return new URLSearchParams(given.filter(([, value]) => value)).toString();
  }

  /** @param {string} query @param {AbortSignal} [signal] */
  async #ask(query, signal, cursor = "") {
    const waiting = setTimeout(() => !this.rows.childElementCount && this.rows.replaceChildren(skeleton()), SKELETON_AFTER_MS);
    const rest = new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
    return get(`/knowledge/articles?${query}&${rest}`, { signal }).finally(() => clearTimeout(waiting));
  }

  /** @param {{items: any[], next_cursor: string|null}} answer @param {string} query */
  #show({ items, next_cursor }, query) {
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    this.#cursor = next_cursor;
    this.list = h("ul", { class: "articles surface", role: "list" }, ...items.map(row));
    this.rows.replaceChildren(...(items.length ? [this.list, ...this.#more()] : [this.#empty(query)]));
    this.#say(items.length ? tn("{count} article", "{count} articles", items.length) : t("Nothing found"));
  }

  #more() {
    return this.#cursor ? [h("button", { type: "button", class: "button wide", onclick: (event) => this.#extend(event.currentTarget) }, t("More articles"))] : [];
  }

  /** @param {HTMLElement} button */
  async #extend(button) {
    button.setAttribute("aria-busy", "true");
    const query = this.#query();
    try {
      const { items, next_cursor } = await this.#ask(query, undefined, this.#cursor ?? "");
      this.#cursor = next_cursor;
      const added = items.map(row);
      this.list?.append(...added);
      button.replaceWith(...this.#more());
      need("a", added[0] ?? this).focus();
    } catch (problem) {
      button.removeAttribute("aria-busy");
      this.#say(/** @type {Error} */ (problem).message);
    }
  }

  /** @param {string} query */
  #empty(query) {
    if (query) return h("div", { class: "empty surface" }, icon("search"), h("h2", {}, t("Nothing found")), h("p", {}, t("Try other words, or another filter.")));
    const write = page.me?.role === "admin" ? h("a", { class: "button primary", href: "/desk/knowledge/new" }, t("New article")) : null;
    return h("div", { class: "empty surface" }, icon("book"), h("h2", {}, t("No articles yet")), h("p", {}, t("What is asked again and again is answered here once.")), write);
  }

  /** @param {Error} problem */
  #complain(problem) {
    this.rows.replaceChildren(failure(t("The articles could not be read"), problem, () => this.asking?.now(this.#query())));
  }

  /** @param {string} text */
  #say(text) {
    need("[data-said]", this).textContent = text;
  }
}

customElements.define("article-list", ArticleList);
