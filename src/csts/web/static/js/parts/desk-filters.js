/** <desk-filters>: search, filters and order of the list; what is chosen is the view. */

import { colleagues } from "../lib/colleagues.js";
import { choicesIn, filterCount, sortsIn } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { name } from "../lib/names.js";
import { page } from "../lib/page.js";
import { knownTags } from "../lib/tags.js";
import { sentence, t } from "../lib/words.js";
import { menuButton } from "./menu.js";

const SEARCH_AFTER_MS = 250;
const FILTERS = [
  { key: "status", label: sentence("Status"), values: () => page.options.statuses },
  { key: "priority", label: sentence("Priority"), values: () => page.options.priorities },
  { key: "issue_type", label: sentence("Category"), values: () => page.options.issue_types },
  { key: "tag", label: sentence("Tag"), values: () => knownTags.names, name: (tag) => tag },
  { key: "assignee", label: sentence("Assigned to"), values: () => ["me", "none", ...others().map(({ id }) => String(id))], name: assigneeName },
];

const others = () => colleagues.active.filter(({ id }) => id !== page.me?.id);

/** @param {string} assignee */
function assigneeName(assignee) {
  if (assignee === "me") return t("Me");
  if (assignee === "none") return t("Nobody");
  return others().find(({ id }) => String(id) === assignee)?.name ?? assignee;
}

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
      sortsIn(this.#view?.queue ?? "").map((sort, at) => ({ name: t(this.#view?.q && at === 0 ? sentence("Best match") : sort.name), current: sort.id === this.#view?.sort, act: () => this.#tell("narrow", { sort: sort.id }) })));
    const queues = h("button", { type: "button", class: "icon-button queues-button", "aria-label": t("Queues"), title: t("Queues"), onclick: () => this.#tell("queues") }, icon("menu"));
    this.panel = h("div", { class: "list-filters", id: "list-filters", hidden: true }, ...this.selects);
    this.toggle = h("button", { type: "button", class: "icon-button", "aria-expanded": "false", "aria-controls": "list-filters", onclick: () => this.#flip() });
    this.append(h("div", { class: "list-head" }, queues, this.heading, this.toggle, sorts), h("div", { class: "search-box" }, icon("search", "small"), this.search), this.panel);
  }

  /** @param {import("../lib/desk.js").View} view @param {string} title */
  show(view, title) {
    this.#view = view;
    this.heading.textContent = title;
    if (document.activeElement !== this.search) this.search.value = view.q;
    for (const [at, filter] of FILTERS.entries()) this.#offer(this.selects[at], filter);
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

  #select({ key, label }) {
    const select = h("select", { class: "input", name: key, onchange: (event) => this.#tell("narrow", { [key]: event.target.value }) });
    return h("label", { class: "list-filter" }, h("span", {}, t(label)), select);
  }

  /** The choices that this queue leaves, the chosen one among them even where it is not known any more. */
  #offer(field, { key, values, name: say = name }) {
    const select = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
    const chosen = this.#view?.[key] ?? "";
    const choices = choicesIn(this.#view?.queue ?? "", key, values());
    field.hidden = choices.length === 0;
    const shown = chosen && !choices.includes(chosen) ? [...choices, chosen] : choices;
    select.replaceChildren(h("option", { value: "" }, t("Any")), ...shown.map((value) => h("option", { value }, say(value))));
    select.value = chosen;
  }

  #flip() {
    this.panel.hidden = !this.panel.hidden;
    this.toggle.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (this.panel.hidden) return;
    for (const known of [colleagues.load(), knownTags.load()]) known.then(() => FILTERS.forEach((filter, at) => this.#offer(this.selects[at], filter)));
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
