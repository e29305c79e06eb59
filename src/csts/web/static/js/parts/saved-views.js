/** <saved-views>: lists of the desk under a name, one's own and those that are shared; opening one is a link. */

import { addressOf, filtersOf, savedView } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { t } from "../lib/words.js";
import { askForView } from "./view-form.js";

/** @typedef {{id: number, name: string, filters: Record<string, string>, shared: boolean, owner: {name: string}, mine: boolean}} Saved */

/** Events (bubbling): `narrow` (detail: the whole view). */
class SavedViews extends HTMLElement {
  /** @type {Saved[]} */
  #views = [];
  /** @type {import("../lib/desk.js").View|null} */
  #shown = null;

  connectedCallback() {
    const save = h("button", { type: "button", class: "icon-button", "aria-label": t("Save this view"), title: t("Save this view"), onclick: () => this.#edit() }, icon("plus", "small"));
    this.list = h("ul", { role: "list" });
    this.append(h("div", { class: "views-head" }, h("h2", { class: "queues-title" }, t("Saved views")), save), this.list);
    setTimeout(() => this.load());
  }

  /** @param {import("../lib/desk.js").View} view what the list shows */
  show(view) {
    this.#shown = view;
    this.#draw();
  }

  /** Read anew; when that fails, what is known stays. */
  async load() {
    this.#views = await get("/views").then(({ items }) => items, () => this.#views);
    this.#draw();
  }

  #draw() {
    const current = this.#shown && addressOf(this.#shown);
    this.list.replaceChildren(...this.#views.map((view) => this.#row(view, current)));
  }

  /** @param {Saved} saved @param {string|null} current */
  #row(saved, current) {
    const { name, shared, owner, mine } = saved;
    const address = addressOf(savedView(saved.filters));
    const title = shared && !mine ? t("Shared by {name}", { name: owner.name }) : name;
    const link = h("a", { class: "queue", href: `/desk${address}`, title, "aria-current": address === current ? "true" : null, onclick: (event) => this.#open(event, saved) },
      icon(shared ? "users" : "filter", "small"), h("span", { class: "queue-name", dir: "auto" }, name));
    const edit = mine && h("button", { type: "button", class: "icon-button", "aria-label": t("Edit {name}", { name }), title: t("Edit {name}", { name }), onclick: () => this.#edit(saved) }, icon("more", "small"));
    return h("li", { class: "saved-view" }, link, edit);
  }

  /** @param {MouseEvent} event @param {Saved} saved */
  #open(event, { filters }) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("narrow", { detail: savedView(filters), bubbles: true }));
  }

  /** What is shown now under a new name, or a view that there is. @param {Saved|null} saved */
  #edit(saved = null) {
    if (this.#shown) askForView(saved, filtersOf(this.#shown), () => this.load());
  }
}

customElements.define("saved-views", SavedViews);
