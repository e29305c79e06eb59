/** <audit-list>: who did what beside tickets, the newest first; narrowed down by the form above it, which the address keeps. */

import { h, icon, moment, need } from "../lib/dom.js";
import { facts, GROUPS, queryOf, told } from "../lib/audit.js";
import { get } from "../lib/http.js";
import { t } from "../lib/words.js";

const SKELETON_AFTER_MS = 200;

class AuditList extends HTMLElement {
  /** @type {string|null} */
  #cursor = null;
  /** Answers to an earlier choice come too late. */
  #asked = 0;

  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (need("form[data-audit]", document));
    this.rows = h("ul", { class: "audit-rows surface", role: "list" });
    this.more = h("button", { type: "button", class: "button wide", hidden: true, onclick: () => this.#read() }, t("Older ones"));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", () => this.#chosen());
    this.form.addEventListener("reset", () => setTimeout(() => this.#chosen()));
    this.#begin();
  }

  async #begin() {
    // Those who have left did something, too.
    const agents = await get("/agents").catch(() => []);
    const select = this.#field("agent");
    select.append(...agents.map((/** @type {any} */ agent) => h("option", { value: agent.id }, agent.name)));
    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = this.#field(name);
      if (field) field.value = value;
    }
    this.refresh();
  }

  /** @param {string} name @returns {any} */
  #field(name) {
    return this.form.elements.namedItem(name);
  }

  get #choice() {
    return /** @type {Record<string, string>} */ (Object.fromEntries([...new FormData(this.form)].filter(([, value]) => value && value !== "all")));
  }

  #chosen() {
    const query = new URLSearchParams(this.#choice);
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    this.refresh();
  }

  async refresh() {
    this.#cursor = null;
    this.#asked += 1;
    const query = queryOf(this.#choice);
    need("[data-csv]", document).href = `/audit.csv${query.size ? `?${query}` : ""}`;
    const waiting = setTimeout(() => this.replaceChildren(h("div", { class: "audit-row surface skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    this.rows.replaceChildren();
    await this.#read();
    clearTimeout(waiting);
  }

  async #read() {
    const asked = this.#asked;
    const query = queryOf(this.#choice);
    if (this.#cursor) query.set("cursor", this.#cursor);
    try {
      const { items, next_cursor } = await get(`/audit?${query}`);
      if (asked !== this.#asked) return;
      this.#cursor = next_cursor;
      this.rows.append(...items.map(row));
      this.#show();
    } catch (problem) {
      if (asked === this.#asked) this.#fail(/** @type {any} */ (problem).detail);
    }
  }

  #show() {
    this.more.hidden = !this.#cursor;
    if (this.rows.childElementCount) return this.replaceChildren(this.rows, this.more);
    const all = Object.keys(this.#choice).length ? h("button", { type: "button", class: "button", onclick: () => this.form.reset() }, t("Show everything")) : null;
    this.replaceChildren(h("div", { class: "empty surface" }, icon("history"), h("h2", {}, t("Nothing was put down")), h("p", {}, t("Nobody has done anything like that in this time.")), all ?? ""));
  }

  /** @param {string} why */
  #fail(why) {
    const again = h("button", { type: "button", class: "button", onclick: () => this.refresh() }, t("Try again"));
    this.replaceChildren(h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"), h("h2", {}, t("The audit log could not be read")), h("p", {}, why), again));
  }
}

/** @param {import("../lib/audit.js").Entry} entry */
function row(entry) {
  const beside = facts(entry);
  return h("li", { class: "audit-row", "data-act": entry.act },
    h("span", { class: "audit-told", dir: "auto" }, told(entry)),
    beside.length ? h("span", { class: "audit-facts", dir: "auto" }, beside.join(" · ")) : null,
    h("span", { class: "audit-when" }, moment(entry.at), entry.address ? h("span", { dir: "ltr" }, entry.address) : null));
}

for (const select of document.querySelectorAll("select[name=group]")) {
  select.replaceChildren(...Object.entries(GROUPS).map(([value, { name }]) => h("option", { value }, t(name))));
}
customElements.define("audit-list", AuditList);
