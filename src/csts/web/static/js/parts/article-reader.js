/** <article-reader>: an article for those who answer but do not write it. */

import { h, icon, need } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";
import { failure } from "./failure.js";
import { toast } from "./toast.js";

class ArticleReader extends HTMLElement {
  connectedCallback() {
    this.refresh();
  }

  async refresh() {
    try {
      this.#draw(await get(`/knowledge/articles/${page.article_id}`));
    } catch (problem) {
      this.replaceChildren(failure(t("The article could not be read"), /** @type {Error} */ (problem), () => this.refresh()));
    }
  }

  /** @param {any} article */
  #draw({ id, title, topic, answer, examples, published }) {
    const state = published
      ? h("a", { class: "button", href: `/help/${id}`, target: "_blank" }, icon("outside", "small"), t("As customers see it"))
      : h("span", { class: "pill warning" }, icon("eye-off", "small"), t("Not published"));
    this.replaceChildren(
      h("div", { class: "page-title" }, h("h1", { dir: "auto" }, title), state),
      h("p", { class: "hint" }, h("code", {}, topic)),
      h("div", { class: "read-answer surface" },
        h("p", { class: "written", dir: "auto" }, answer),
        h("button", { type: "button", class: "button", onclick: () => this.#copy(answer) }, icon("copy", "small"), t("Copy the answer"))),
      examples.length ? h("details", { class: "read-examples" }, h("summary", {}, t("Other ways to ask")), h("ul", {}, ...examples.map((each) => h("li", { dir: "auto" }, each)))) : "");
    need("title", document).textContent = `${title} · ${page.brand}`;
  }

  /** @param {string} text */
  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("Copied."));
    } catch {
      toast(t("This browser does not let us copy. Please mark the text and copy it yourself."), { tone: "urgent" });
    }
  }
}

customElements.define("article-reader", ArticleReader);
