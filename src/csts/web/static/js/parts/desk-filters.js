/** <desk-filters>: search, filters and order of the list; what is chosen is the view. */

import { filterCount, SORTS } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { name } from "../lib/names.js";
import { page } from "../lib/page.js";
import { sentence, t } from "../lib/words.js";
import { menuButton } from "./menu.js";

const SEARCH_AFTER_MS = 250;
const FILTERS = [
  { key: "status", label: sentence("Status"), values: () => page.options.statuses },
  { key: "priority", label: sentence("Priority"), values: () => page.options.priorities },
  { key: "issue_type", label: sentence("Category"), values: () => page.options.issue_types },
];

/** Events (bubbling): `narrow` (detail: the changed members of the view), `queues`. */
class DeskFilters extends HTMLElement {
  /** @type {import("../lib/desk.js").View|null} */
  #view = null;
  #timer = 0;

  connectedCallback() {
    this.heading = h("h1", { class: "list-title" });
    this.search = /** @type {HTMLInputElement} */ (h("input", { class: "input", type: "search", id: "desk-search", placeholder: t("Search tickets"), "aria-label": t("Search tickets"), maxlength: "200", autocomplete: "off", oninput: () => this.#typed() }));
    this.selects = FILTERS.map((filter) => this.#select(filter));
    const sorts = menuButton({ name: t("Order"), content: [icon("arrow-down", "small")], class: "icon-button" }, () =>
      SORTS.map((sort) => ({ name: t(sort.name), current: sort.id === this.#view?.sort, act: () => this.#tell("narrow", { sort: sort.id }) })));
    const queues = h("button", { type: "button", class: "icon-button queues-button", "aria-label": t("Queues"), title: t("Queues"), onclick: () => this.#tell("queues") }, icon("menu"));
    this.panel = h("div", { class: "list-filters", id: "list-filters", hidden: true }, ...this.selects);
    this.toggle = h("button", { type: "button", class: "icon-button", "aria-expanded": "false", "aria-controls": "list-filters", onclick: () => this.#flip() });
    this.append(h("div", { class: "list-head" }, queues, this.heading, this.toggle, sorts), h("div", { class: "list-search" }, icon("search", "small"), this.search), this.panel);
  }

  /** @param {import("../lib/desk.js").View} view @param {string} title */
  show(view, title) {
    this.#view = view;
    this.heading.textContent = title;
    if (document.activeElement !== this.search) this.search.value = view.q;
    for (const field of this.selects) {
      const select = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
      select.value = view[select.name];
    }
    const count = filterCount(view);
    const words = count ? t("Filters, {count} set", { count }) : t("Filters");
    this.toggle.replaceChildren(icon("filter"), count ? h("span", { class: "filter-dot" }) : "");
    this.toggle.setAttribute("aria-label", words);
    this.toggle.title = words;
    if (count && this.panel.hidden) this.#flip();
  }

  focusSearch() {
    this.search.focus();
    this.search.select();
  }

  #select({ key, label, values }) {
    const options = [h("option", { value: "" }, t("Any")), ...values().map((value) => h("option", { value }, name(value)))];
    const select = h("select", { class: "input", name: key, onchange: (event) => this.#tell("narrow", { [key]: event.target.value }) }, ...options);
    return h("label", { class: "list-filter" }, h("span", {}, t(label)), select);
  }

  #flip() {
    this.panel.hidden = !this.panel.hidden;
    this.toggle.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell("narrow", { q: this.search.value.trim() }), SEARCH_AFTER_MS);
  }

  #tell(event, detail = null) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
  }
}

customElements.define("desk-filters", DeskFilters);
