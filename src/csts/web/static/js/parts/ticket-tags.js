/** The tags of one ticket: each leads to all that have it, and goes by its cross. */

import { h, icon } from "../lib/dom.js";
import { put } from "../lib/http.js";
import { knownTags, typedTags } from "../lib/tags.js";
import { t } from "../lib/words.js";
import { toast } from "./toast.js";

/** @param {Element|null} button */
const nameOf = (button) => button?.getAttribute("aria-label") ?? button?.textContent;

export class TicketTags {
  #id;
  #shown = "";

  /** Events on the element (bubbling): `changed` (detail: the ticket), `narrow` (detail: the view of a tag). @param {number} id of the ticket */
  constructor(id) {
    this.#id = id;
    this.pills = h("ul", { class: "ticket-tags", role: "list" });
    this.names = h("datalist", { id: "known-tags" });
    this.input = /** @type {HTMLInputElement} */ (h("input", { class: "input", list: "known-tags", maxlength: "40", autocomplete: "off", placeholder: t("Add a tag"), "aria-label": t("Add a tag"), onfocus: () => this.#suggest() }));
    this.form = h("form", { class: "tag-form", onsubmit: (event) => this.#add(event) }, this.input, this.names);
    this.element = h("div", {}, this.pills, this.form);
  }

  /** @param {string[]} tags @param {{isFixed: boolean}} may `isFixed`: they stay as they are */
  show(tags, { isFixed }) {
    this.form.hidden = isFixed;
    // Told by the answer and by the room: the second time nothing moves under a hand that is about to press.
    const looks = [isFixed, ...tags].join("\n");
    if (looks === this.#shown) return;
    this.#shown = looks;
    const before = document.activeElement;
    const used = this.pills.contains(before);
    const name = nameOf(before);
    this.pills.replaceChildren(...tags.map((tag) => this.#pill(tag, isFixed)));
    // The pills are new; whoever stands on one stays on it, or goes on in the field where his is gone.
    if (used && !isFixed) ([...this.pills.querySelectorAll("button")].find((button) => nameOf(button) === name) ?? this.input).focus();
  }

  #pill(tag, isFixed) {
    const find = h("button", { type: "button", class: "tag-name", dir: "auto", title: t("All tickets with this tag"), onclick: () => this.#tell("narrow", { queue: "all", status: "", assignee: "", q: "", tag }) }, tag);
    const drop = h("button", { type: "button", class: "tag-drop", "aria-label": t("Remove {tag}", { tag }), onclick: () => this.#change({ remove: [tag] }) }, icon("close", "small"));
    return h("li", { class: "pill" }, find, isFixed ? null : drop);
  }

  async #suggest() {
    await knownTags.load();
    this.names.replaceChildren(...knownTags.names.map((name) => h("option", { value: name })));
  }

  /** What was typed stays until the desk has it. @param {Event} event */
  async #add(event) {
    event.preventDefault();
    const names = typedTags(this.input.value);
    if (names.length && (await this.#change({ add: names }))) this.input.value = "";
  }

  /** @param {{add?: string[], remove?: string[]}} change */
  async #change(change) {
    try {
      this.#tell("changed", await put(`/tickets/${this.#id}/tags`, change));
      return true;
    } catch (problem) {
      const { errors, message } = /** @type {any} */ (problem);
      toast(t(errors?.[0]?.message ?? message), { tone: "urgent" });
      return false;
    }
  }

  /** @param {string} event @param {any} detail */
  #tell(event, detail) {
    this.element.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
  }
}
