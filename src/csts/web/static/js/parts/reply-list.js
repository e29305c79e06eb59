/** <reply-list>: the canned replies that this agent may use, with a filter; he writes, changes and deletes them here. */

import { afterOf, CANNED, effects, matching, placeholderComplaints } from "../lib/canned.js";
import { cannedReplies } from "../lib/canned-replies.js";
import { h, icon, moment, need } from "../lib/dom.js";
import { call } from "../lib/http.js";
import { t, tn } from "../lib/words.js";
import { DeleteQuestion, EditDialog } from "./edit-dialog.js";
import { failure } from "./failure.js";
import { show } from "./form.js";
import { redraw } from "./redraw.js";
import { offerPlaceholders, REPLY_FORM } from "./reply-form.js";
import { toast } from "./toast.js";
import { VersionHistory } from "./version-history.js";

const SKELETON_AFTER_MS = 200;

/** @type {Record<string, (reply: any) => boolean>} */
const WHICH = { "": () => true, shared: ({ shared }) => shared, own: ({ shared }) => !shared, macros: (reply) => afterOf(reply) !== null };

/** @param {any} reply */
const head = (reply) =>
  h("span", { class: "rule-head" },
    h("strong", { dir: "auto" }, reply.title),
    h("code", {}, `/${reply.shortcut}`),
    reply.shared ? null : h("span", { class: "pill" }, icon("user", "small"), t("Only you")),
    afterOf(reply) ? h("span", { class: "pill accent" }, icon("bolt", "small"), effects(reply)) : null);

class ReplyList extends HTMLElement {
  connectedCallback() {
    this.filters = need("form", this);
    this.rows = need("[data-rows]", this);
    this.question = new DeleteQuestion();
    this.editor = new EditDialog(REPLY_FORM, { saved: () => this.#changed(t("Saved.")), stale: () => this.#refresh() });
    offerPlaceholders(this.editor.form);
    // Before the form sends: the server says the same, in English.
    this.editor.form.addEventListener("submit", (event) => this.#check(event), { capture: true });
    need("[data-add]", document).addEventListener("click", () => this.#edit(null));
    this.filters.addEventListener("input", () => this.#draw());
    this.filters.addEventListener("submit", (event) => event.preventDefault());
    this.#refresh();
  }

  async #refresh() {
    const waiting = setTimeout(() => this.rows.childElementCount || this.rows.append(h("div", { class: "rule-row surface skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    cannedReplies.stale();
    try {
      await cannedReplies.load();
      this.#draw();
    } catch (problem) {
      this.rows.replaceChildren(failure(t("The canned replies could not be read"), /** @type {Error} */ (problem), () => this.#refresh()));
    } finally {
      clearTimeout(waiting);
    }
  }

  /** @param {any} reply @param {any} [version] */
  #edit(reply, version) {
    this.editor.open(reply, version);
    // What is shared stays shared.
    this.editor.form.elements.shared.disabled = Boolean(reply?.shared);
  }

  /** @param {Event} event */
  #check(event) {
    const wrong = placeholderComplaints(this.editor.form.elements.namedItem("text").value);
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show(this.editor.form, wrong);
  }

  #draw() {
    const { q, which } = Object.fromEntries(new FormData(this.filters));
    const found = matching(cannedReplies.all.filter(WHICH[String(which)]), String(q));
    redraw(this.rows, found.length ? h("ul", { class: "rules surface", role: "list" }, ...found.map((reply) => this.#row(reply))) : this.#empty());
    need("[data-said]", this).textContent = found.length ? tn("{count} canned reply", "{count} canned replies", found.length) : t("Nothing found");
  }

  #empty() {
    if (cannedReplies.all.length) return h("div", { class: "empty surface" }, icon("search"), h("h2", {}, t("Nothing found")), h("p", {}, t("Try other words, or another filter.")));
    return h("div", { class: "empty surface" }, icon("bolt"), h("h2", {}, t("No canned replies yet")), h("p", {}, t("What you write again and again is written once here; a slash in a message brings it back.")), h("button", { type: "button", class: "button primary", onclick: () => this.#edit(null) }, t("New canned reply")));
  }

  /** @param {any} reply */
  #row(reply) {
    const { title, text, updated_by: by, updated_at: at } = reply;
    return h("li", { class: "rule-row reply-row", "data-id": reply.id },
      h("div", { class: "rule-what" },
        head(reply),
        text ? h("p", { class: "rule-reply", dir: "auto" }, text) : null,
        h("span", { class: "reply-changed hint" }, by ? h("span", { dir: "auto" }, by.name) : t("From the start"), " · ", moment(at)),
        this.#history(reply)),
      h("span", { class: "rule-acts" },
        this.#button("pencil", t("Edit {name}", { name: title }), () => this.#edit(reply)),
        this.#button("trash", t("Delete {name}", { name: title }), () => this.question.ask(title, () => this.#delete(reply)))));
  }

  /** @param {string} symbol @param {string} title @param {() => void} does */
  #button(symbol, title, does) {
    return h("button", { type: "button", class: "icon-button", "aria-label": title, title, onclick: does }, icon(symbol));
  }

  /** Read when somebody wants to see it. @param {any} reply */
  #history(reply) {
    const history = new VersionHistory({ path: `/canned/${reply.id}/history`, kind: CANNED, take: (version) => this.#edit(reply, version) });
    const details = h("details", { class: "rule-history" }, h("summary", {}, t("History")), history.element);
    details.addEventListener("toggle", () => details.open && history.refresh(), { once: true });
    return details;
  }

  /** @param {any} reply */
  async #delete({ id, title, version }) {
    try {
      await call("DELETE", `/canned/${id}?version=${version}`);
      await this.#changed(t("{name} is deleted.", { name: title }));
    } catch (problem) {
      const { code, message } = /** @type {any} */ (problem);
      toast(code === "reply_changed" ? t("{name} was changed by somebody else; here is how it is now.", { name: title }) : t(message), { tone: "urgent" });
      await this.#refresh();
    }
  }

  /** @param {string} said */
  async #changed(said) {
    await this.#refresh();
    toast(said);
  }
}

customElements.define("reply-list", ReplyList);
