/** <article-history>: what the article of this page said; an admin may put a version into the form. */

import { ARTICLE } from "../lib/article.js";
import { page } from "../lib/page.js";
import { VersionHistory } from "./version-history.js";

class ArticleHistory extends HTMLElement {
  connectedCallback() {
    const take = (/** @type {any} */ version) => document.dispatchEvent(new CustomEvent("article-taken", { detail: version }));
    const history = new VersionHistory({ path: `/knowledge/articles/${page.article_id}/history`, kind: ARTICLE, take: page.me?.role === "admin" ? take : null });
    this.append(history.element);
    history.refresh();
    document.addEventListener("article-saved", () => history.refresh());
  }
}

customElements.define("article-history", ArticleHistory);
