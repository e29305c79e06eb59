/** <article-editor>: an admin writes an article. Nothing typed is lost: not by a reload, a refusal, or a colleague who saves first. */

import { ARTICLE, EMPTY, exampleComplaints, FIELDS, linesOf } from "../lib/article.js";
import { h, icon, need } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { get, post, Problem, put } from "../lib/http.js";
import { hasLeft, storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { changes, merged, pick } from "../lib/versions.js";
import { t, tn } from "../lib/words.js";
import { failure } from "./failure.js";
import { onSend } from "./form.js";
import { toast } from "./toast.js";
import { clashNotice } from "./version-clash.js";

/** @typedef {import("../lib/article.js").Article} Article */

class ArticleEditor extends HTMLElement {
  /** What is stored, as far as we know. @type {Article} */
  #base = EMPTY;
  #version = 0;
  #draft = new Draft(storageOf(globalThis), page.me, `article-${page.article_id ?? "new"}`, { kind: "article" });

  connectedCallback() {
    this.form = need("form", this);
    this.notices = need("[data-notices]", this);
    onSend(this.form, () => this.#send());
    this.form.addEventListener("input", () => this.#changed());
    addEventListener("beforeunload", (event) => this.#isDirty && !hasLeft() && event.preventDefault());
    addEventListener("pagehide", () => this.#draft.flush());
    document.addEventListener("article-taken", (event) => this.#takeBack(/** @type {CustomEvent} */ (event).detail));
    this.#load();
  }

  async #load() {
    try {
      this.form.hidden = true;
      const stored = page.article_id ? await get(`/knowledge/articles/${page.article_id}`) : { ...EMPTY, version: 0 };
      this.#take(stored);
      // A new one may have been begun before this script was there.
      const isBegun = !page.article_id && this.#isTyped;
      if (!isBegun) this.fill(this.#base);
      this.form.hidden = false;
      this.notices.replaceChildren();
      if (!isBegun) this.#restore(stored);
      this.#changed();
    } catch (problem) {
      this.notices.replaceChildren(failure(t("The article could not be read"), /** @type {Error} */ (problem), () => this.#load()));
    }
  }

  /** What is stored now. @param {any} stored */
  #take(stored) {
    this.#base = pick(FIELDS, stored);
    this.#version = stored.version;
    if (!stored.id) return;
    need("[data-heading]", this).textContent = stored.title;
    const link = need("[data-public]", this);
    link.hidden = !stored.published;
    link.href = `/help/${stored.id}`;
    document.title = `${stored.title} · ${page.brand}`;
  }

  /** @returns {Article} */
  typed() {
    const { topic, title, answer, examples, published } = this.form.elements;
    return { topic: topic.value.trim(), title: title.value.trim(), answer: answer.value.trim(), examples: linesOf(examples.value), published: published.checked };
  }

  /** @param {Article} article */
  fill({ topic, title, answer, examples, published }) {
    const fields = this.form.elements;
    Object.assign(fields.topic, { value: topic });
    Object.assign(fields.title, { value: title });
    Object.assign(fields.answer, { value: answer });
    Object.assign(fields.examples, { value: examples.join("\n") });
    Object.assign(fields.published, { checked: published });
  }

  get #isTyped() {
    return ["topic", "title", "answer", "examples"].some((name) => this.form.elements[name].value);
  }

  get #isDirty() {
    return Object.keys(changes(FIELDS, this.#base, this.typed())).length > 0;
  }

  #changed() {
    const mine = this.typed();
    const isDirty = this.#isDirty;
    if (isDirty) this.#draft.change(JSON.stringify({ base: this.#base, version: this.#version, mine }));
    else this.#draft.clear();
    need("[data-count]", this).textContent = tn("{count} example", "{count} examples", mine.examples.length);
    this.#say(isDirty ? t("Not saved yet; kept on this device.") : "");
  }

  /** What was typed here before the page went away. @param {any} stored */
  #restore(stored) {
    const kept = JSON.parse(this.#draft.text || "null");
    if (!kept) return;
    if (kept.version !== this.#version) return this.#meet(stored, kept);
    this.fill(kept.mine);
    const discard = () => {
      this.fill(this.#base);
      this.notices.replaceChildren();
      this.#changed();
      this.form.elements.title.focus();
    };
    this.notices.replaceChildren(h("div", { class: "notice info" }, icon("history"), h("p", {}, t("Here is what you typed before; it is not saved yet.")), h("button", { type: "button", class: "button", onclick: discard }, t("Discard it"))));
  }

  async #send() {
    const errors = exampleComplaints(this.form.elements.examples.value);
    if (errors.length) throw new Problem({ status: 422, code: "invalid_input", detail: "", errors });
    const mine = this.typed();
    if (!page.article_id) return this.#create(mine);
    try {
      this.#saved(await put(`/knowledge/articles/${page.article_id}`, { ...changes(FIELDS, this.#base, mine), version: this.#version }), mine);
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== "article_changed") throw problem;
      this.#meet(problem.body.article, { base: this.#base, mine });
    }
  }

  /** @param {Article} mine */
  async #create(mine) {
    const { id } = await post("/knowledge/articles", mine);
    this.#base = mine;
    this.#draft.clear();
    location.assign(`/desk/knowledge/${id}`);
  }

  /** The server may have tidied the text; what was typed in the meantime stays. @param {any} stored @param {Article} sent */
  #saved(stored, sent) {
    const isSame = Object.keys(changes(FIELDS, sent, this.typed())).length === 0;
    this.#take(stored);
    if (isSame) this.fill(this.#base);
    this.notices.replaceChildren();
    this.#changed();
    document.dispatchEvent(new CustomEvent("article-saved"));
    toast(t("Saved."));
  }

  /** Somebody else saved first. @param {any} theirs @param {{base: Article, mine: Article}} ours */
  #meet(theirs, { base, mine }) {
    const { both, clashes } = merged(FIELDS, base, mine, theirs);
    this.#take(theirs);
    this.fill(both);
    const use = (/** @type {string} */ field, /** @type {any} */ source) => {
      this.fill({ ...this.typed(), [field]: source[field] });
      this.#changed();
      this.form.elements.namedItem(field).focus();
    };
    const notice = clashNotice({ kind: ARTICLE, before: base, mine, theirs, clashes, use });
    this.notices.replaceChildren(notice);
    notice.focus();
    this.#changed();
    document.dispatchEvent(new CustomEvent("article-saved"));
  }

  /** An earlier version, to be saved once more. @param {any} revision */
  #takeBack(revision) {
    this.fill(pick(FIELDS, revision));
    this.#changed();
    this.form.elements.title.focus();
    this.#say(t("Version {number} stands in the form; save it to bring it back.", { number: revision.version }));
  }

  /** @param {string} text */
  #say(text) {
    need("[data-state]", this).textContent = text;
  }
}

customElements.define("article-editor", ArticleEditor);
