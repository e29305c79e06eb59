/** <rule-list>: the rules in their order; an admin moves, changes, switches and deletes them. */

import { h, icon, need } from "../lib/dom.js";
import { call, get, post, put } from "../lib/http.js";
import { page } from "../lib/page.js";
import { ACTIONS, RULE } from "../lib/rule.js";
import { t, tn } from "../lib/words.js";
import { DeleteQuestion, EditDialog } from "./edit-dialog.js";
import { failure } from "./failure.js";
import { redraw } from "./redraw.js";
import { RULE_FORM } from "./rule-form.js";
import { toast } from "./toast.js";
import { VersionHistory } from "./version-history.js";

const SKELETON_AFTER_MS = 200;
const UNDO_MS = 10_000;

/** @param {any} rule */
function marks({ action, whole, enabled }) {
  const [word, symbol, tone] = ACTIONS[action];
  return h("span", { class: "rule-marks" },
    enabled ? null : h("span", { class: "pill warning" }, icon("minus", "small"), t("Off")),
    h("span", { class: `pill ${tone}` }, icon(symbol, "small"), t(word)),
    whole ? h("span", { class: "pill" }, t("Whole message")) : null);
}

class RuleList extends HTMLElement {
  /** @type {any[]} */
  #rules = [];
  /** @type {EditDialog|null} */
  #form = null;
  /** @type {DeleteQuestion|null} */
  #question = null;
  /** The rule that answers what was tried. @type {number|null} */
  #matched = null;

  connectedCallback() {
    if (page.me?.role === "admin") {
      this.#form = new EditDialog(RULE_FORM, { saved: () => this.#changed(t("Saved.")), stale: () => this.refresh() });
      this.#question = new DeleteQuestion();
      need("[data-add]", document).addEventListener("click", () => this.#form?.open(null));
    }
    document.addEventListener("rule-matched", (event) => this.#mark(/** @type {CustomEvent} */ (event).detail));
    this.refresh();
  }

  async refresh() {
    const waiting = setTimeout(() => !this.#rules.length && this.replaceChildren(h("div", { class: "rule-row surface skeleton", "aria-hidden": "true" })), SKELETON_AFTER_MS);
    try {
      this.#rules = (await get("/knowledge/rules")).items;
      this.#draw();
      this.#mark(this.#matched);
    } catch (problem) {
      this.replaceChildren(failure(t("The rules could not be read"), /** @type {Error} */ (problem), () => this.refresh()));
    } finally {
      clearTimeout(waiting);
    }
  }

  #draw() {
    const rows = this.#rules.map((rule, at) => this.#row(rule, at));
    redraw(this, rows.length ? h("ol", { class: "rules surface", role: "list" }, ...rows) : h("div", { class: "empty surface" }, icon("list"), h("h2", {}, t("No rules")), h("p", {}, t("Everything goes to the articles first."))));
  }

  /** @param {any} rule @param {number} at */
  #row(rule, at) {
    const { id, position, name, phrases, reply, enabled } = rule;
    return h("li", { class: enabled ? "rule-row" : "rule-row off", "data-id": id },
      h("span", { class: "rule-place" }, position),
      h("div", { class: "rule-what" },
        h("span", { class: "rule-head" }, h("strong", { dir: "auto" }, name), marks(rule)),
        h("p", { class: "rule-reply", dir: "auto" }, reply),
        h("details", {}, h("summary", {}, tn("{count} phrase", "{count} phrases", phrases.length)),
          h("ul", { class: "rule-phrases", role: "list" }, ...phrases.map((/** @type {string} */ phrase) => h("li", { dir: "auto" }, phrase)))),
        this.#history(rule)),
      this.#form ? this.#acts(rule, at) : null);
  }

  /** Read when somebody wants to see it. @param {any} rule */
  #history(rule) {
    const take = (/** @type {any} */ version) => this.#form?.open(rule, version);
    const history = new VersionHistory({ path: `/knowledge/rules/${rule.id}/history`, kind: RULE, take: this.#form && take });
    const details = h("details", { class: "rule-history" }, h("summary", {}, t("History")), history.element);
    details.addEventListener("toggle", () => details.open && history.refresh(), { once: true });
    return details;
  }

  /** @param {any} rule @param {number} at */
  #acts(rule, at) {
    const { id, name, position, enabled } = rule;
    const button = (/** @type {string} */ symbol, /** @type {string} */ title, /** @type {() => void} */ does, disabled = false) =>
      h("button", { type: "button", class: "icon-button", "aria-label": title, title, disabled, onclick: does }, icon(symbol));
    return h("span", { class: "rule-acts" },
      button("arrow-up", t("Move {name} up", { name }), () => this.#move(rule, position - 1), at === 0),
      button("arrow-down", t("Move {name} down", { name }), () => this.#move(rule, position + 1), at === this.#rules.length - 1),
      button(enabled ? "eye-off" : "eye", enabled ? t("Switch {name} off", { name }) : t("Switch {name} on", { name }), () => this.#put(rule, { enabled: !enabled, version: rule.version }, enabled ? t("{name} is off now.", { name }) : t("{name} is on now.", { name }))),
      button("pencil", t("Edit {name}", { name }), () => this.#form?.open(rule)),
      button("trash", t("Delete {name}", { name }), () => this.#question?.ask(name, () => this.#delete(rule))));
  }

  /** @param {any} rule @param {number} position */
  #move(rule, position) {
    return this.#put(rule, { position }, t("{name} is number {number} now.", { name: rule.name, number: position }));
  }

  /** @param {any} rule @param {any} change @param {string} said */
  async #put(rule, change, said) {
    try {
      await put(`/knowledge/rules/${rule.id}`, change);
      await this.#changed(said, (done) => (need("[data-said]", document).textContent = done));
    } catch (problem) {
      await this.#refused(rule, problem);
    }
  }

  /** Somebody else was faster, or something is wrong. @param {any} rule @param {any} problem */
  async #refused({ name }, problem) {
    const isStale = problem.code === "rule_changed";
    toast(isStale ? t("{name} was changed by somebody else; here is how it is now.", { name }) : t(problem.message), { tone: "urgent" });
    if (isStale) await this.refresh();
  }

  /** @param {any} rule */
  async #delete(rule) {
    const { id, name, version } = rule;
    const action = { name: t("Undo"), act: () => this.#bringBack(rule) };
    try {
      await call("DELETE", `/knowledge/rules/${id}?version=${version}`);
      await this.#changed(t("{name} is deleted.", { name }), (said) => toast(said, { action, stays: UNDO_MS }));
    } catch (problem) {
      await this.#refused(rule, problem);
    }
  }

  /** The same rule at its place, as a new one: its history stays with the old one. @param {any} rule */
  async #bringBack(rule) {
    const { name, phrases, reply, action, whole, enabled, position } = rule;
    try {
      await post("/knowledge/rules", { name, phrases, reply, action, whole, enabled, position });
      await this.#changed(t("{name} is back.", { name }));
    } catch (problem) {
      await this.#refused(rule, problem);
    }
  }

  /** @param {string} said @param {(said: string) => void} show */
  async #changed(said, show = toast) {
    await this.refresh();
    document.dispatchEvent(new CustomEvent("rules-changed"));
    show(said);
  }

  /** @param {number|null} id */
  #mark(id) {
    this.#matched = id;
    for (const row of this.querySelectorAll("[data-id]")) row.toggleAttribute("data-matched", row.getAttribute("data-id") === String(id));
  }
}

customElements.define("rule-list", RuleList);
