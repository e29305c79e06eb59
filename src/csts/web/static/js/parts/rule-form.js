/** The dialog in which an admin writes a rule, and the question before one is deleted. */

import { linesOf } from "../lib/article.js";
import { h, icon, need } from "../lib/dom.js";
import { post, Problem, put } from "../lib/http.js";
import { EMPTY, FIELDS, RULE } from "../lib/rule.js";
import { changes, merged, pick } from "../lib/versions.js";
import { t } from "../lib/words.js";
import { clear, onSend, say } from "./form.js";
import { clashNotice } from "./version-clash.js";

export class RuleForm {
  /** What is stored, as far as we know; null for a new rule. @type {any} */
  #edited = null;
  #base = EMPTY;

  /** @param {{saved: () => Promise<void>, stale: () => void}} does `stale`: somebody else saved first */
  constructor({ saved, stale }) {
    this.dialog = need("dialog[data-edit]");
    this.form = need("form", this.dialog);
    this.notices = need("[data-notices]", this.dialog);
    need("[data-cancel]", this.dialog).addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("cancel", (/** @type {Event} */ event) => this.#escape(event));
    onSend(this.form, async () => {
      if (!(await this.#isSaved())) return stale();
      this.dialog.close();
      await saved();
    });
  }

  /** @param {any} rule null for a new one @param {any} version an earlier one, to be saved once more */
  open(rule, version = null) {
    clear(this.form);
    this.notices.replaceChildren();
    this.#take(rule);
    this.#fill(version ?? this.#base);
    need("[data-title]", this.dialog).textContent = rule ? t("Edit {name}", { name: rule.name }) : t("New rule");
    this.dialog.showModal();
    if (version) this.notices.replaceChildren(h("p", { class: "notice info", role: "status" }, icon("history"), t("Version {number} stands in the form; save it to bring it back.", { number: version.version })));
  }

  /** @param {any} rule */
  #take(rule) {
    this.#edited = rule;
    this.#base = pick(FIELDS, rule ?? EMPTY);
  }

  /** A key that was touched by mistake must not throw away what was typed. @param {Event} event */
  #escape(event) {
    if (!Object.keys(changes(FIELDS, this.#base, this.#typed())).length) return;
    event.preventDefault();
    say(this.form, t("This is not saved yet. Save it, or press Cancel to discard it."));
  }

  /** @param {any} rule */
  #fill({ name, phrases, reply, action, whole, enabled }) {
    const fields = this.form.elements;
    fields.namedItem("name").value = name;
    fields.namedItem("action").value = action;
    fields.phrases.value = phrases.join("\n");
    fields.reply.value = reply;
    fields.whole.checked = whole;
    fields.enabled.checked = enabled;
  }

  #typed() {
    const fields = this.form.elements;
    return {
      name: fields.namedItem("name").value.trim(),
      phrases: linesOf(fields.phrases.value),
      reply: fields.reply.value.trim(),
      action: fields.namedItem("action").value,
      whole: fields.whole.checked,
      enabled: fields.enabled.checked,
    };
  }

  async #isSaved() {
    const mine = this.#typed();
    if (!this.#edited) return post("/knowledge/rules", mine);
    const { id, version } = this.#edited;
    try {
      return await put(`/knowledge/rules/${id}`, { ...changes(FIELDS, this.#base, mine), version });
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== "rule_changed") throw problem;
      this.#meet(problem.body.rule, mine);
      return null;
    }
  }

  /** Somebody else saved first. @param {any} theirs @param {any} mine */
  #meet(theirs, mine) {
    const before = this.#edited;
    const { both, clashes } = merged(FIELDS, this.#base, mine, theirs);
    this.#take(theirs);
    this.#fill(both);
    const use = (/** @type {string} */ field, /** @type {any} */ source) => {
      this.#fill({ ...this.#typed(), [field]: source[field] });
      this.form.elements.namedItem(field).focus();
    };
    // What the form does not hold was changed there as well: the place in the order, for one.
    const notice = clashNotice({ kind: RULE, before: { ...before, deleted: false }, mine, theirs: { ...theirs, deleted: false }, clashes, use });
    this.notices.replaceChildren(notice);
    notice.focus();
  }
}

export class DeleteQuestion {
  /** @type {() => void} */
  #act = () => {};

  constructor() {
    this.dialog = need("dialog[data-delete]");
    need("[data-keep]", this.dialog).addEventListener("click", () => this.dialog.close());
    need("[data-delete-now]", this.dialog).addEventListener("click", () => {
      this.dialog.close();
      this.#act();
    });
  }

  /** @param {string} name @param {() => void} act */
  ask(name, act) {
    this.#act = act;
    need("[data-title]", this.dialog).textContent = t("Delete “{name}”?", { name });
    this.dialog.showModal();
  }
}
