/** A dialog in which one thing of a list is edited, also by two at once; and the question before one is deleted. */

import { h, icon, need } from "../lib/dom.js";
import { post, Problem, put } from "../lib/http.js";
import { changes, merged, pick } from "../lib/versions.js";
import { t } from "../lib/words.js";
import { clear, onSend, say } from "./form.js";
import { clashNotice } from "./version-clash.js";

/**
 * @typedef {object} Edited what is edited, and how
 * @property {import("../lib/versions.js").Kind} kind
 * @property {string[]} fields what the form holds
 * @property {any} empty a new one
 * @property {string} path of the list; with `/{id}` behind it, of one
 * @property {string} noun `rule`: the server's `rule_changed` brings the stored `rule`
 * @property {(source: any) => string} title
 * @property {(form: any, source: any) => void} fill
 * @property {(form: any) => any} typed
 * @property {(source: any) => any} [whole] with fields of `kind` that only a history has
 */

export class EditDialog {
  /** What is stored, as far as we know; null for a new one. @type {any} */
  #edited = null;
  /** @type {any} */
  #base = null;

  /** @param {Edited} what @param {{saved: () => Promise<void>, stale: () => void}} does `stale`: somebody else saved first */
  constructor(what, { saved, stale }) {
    this.what = { whole: (/** @type {any} */ source) => source, ...what };
    this.dialog = need("dialog[data-edit]");
    this.form = need("form", this.dialog);
    this.notices = need("[data-notices]", this.dialog);
    need("[data-cancel]", this.dialog).addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("cancel", (/** @type {Event} */ event) => this.#escape(event));
    onSend(this.form, async () => {
      // Nobody waits for the list behind it: he may save again at once.
      if (!(await this.#isSaved())) return void stale();
      this.dialog.close();
      await saved();
    });
  }

  /** @param {any} stored null for a new one @param {any} version an earlier one, to be saved once more */
  open(stored, version = null) {
    clear(this.form);
    this.notices.replaceChildren();
    this.#take(stored);
    this.what.fill(this.form, version ?? this.#base);
    need("[data-title]", this.dialog).textContent = this.what.title(stored);
    this.dialog.showModal();
    if (version) this.notices.replaceChildren(h("p", { class: "notice info", role: "status" }, icon("history"), t("Version {number} stands in the form; save it to bring it back.", { number: version.version })));
  }

  /** @param {any} stored */
  #take(stored) {
    this.#edited = stored;
    this.#base = pick(this.what.fields, stored ?? this.what.empty);
  }

  /** A key that was touched by mistake must not throw away what was typed. @param {Event} event */
  #escape(event) {
    if (!Object.keys(changes(this.what.fields, this.#base, this.what.typed(this.form))).length) return;
    event.preventDefault();
    say(this.form, t("This is not saved yet. Save it, or press Cancel to discard it."));
  }

  async #isSaved() {
    const { fields, path, noun, typed } = this.what;
    const mine = typed(this.form);
    if (!this.#edited) return post(path, mine);
    const { id, version } = this.#edited;
    try {
      return await put(`${path}/${id}`, { ...changes(fields, this.#base, mine), version });
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.code !== `${noun}_changed`) throw problem;
      this.#meet(problem.body[noun], mine);
      return null;
    }
  }

  /** Somebody else saved first. @param {any} theirs @param {any} mine */
  #meet(theirs, mine) {
    const { kind, fields, fill, typed, whole } = this.what;
    const before = this.#edited;
    const { both, clashes } = merged(fields, this.#base, mine, theirs);
    this.#take(theirs);
    fill(this.form, both);
    const use = (/** @type {string} */ field, /** @type {any} */ source) => {
      fill(this.form, { ...typed(this.form), [field]: source[field] });
      this.form.elements.namedItem(field).focus();
    };
    // What the form does not hold was changed there as well: the place in an order, for one.
    const notice = clashNotice({ kind, before: whole(before), mine, theirs: whole(theirs), clashes, use });
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
