/** The dialog in which an admin writes a rule, and the question before one is deleted. */

import { linesOf } from "../lib/article.js";
import { need } from "../lib/dom.js";
import { post, put } from "../lib/http.js";
import { t } from "../lib/words.js";
import { clear, onSend, say } from "./form.js";

const NEW = { name: "", phrases: [], reply: "", action: "answer", whole: false, enabled: true };

export class RuleForm {
  /** @type {any} */
  #edited = null;
  #opened = "";

  /** @param {() => Promise<void>} saved */
  constructor(saved) {
    this.dialog = need("dialog[data-edit]");
    this.form = need("form", this.dialog);
    need("[data-cancel]", this.dialog).addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("cancel", (/** @type {Event} */ event) => this.#escape(event));
    onSend(this.form, async () => {
      await this.#save();
      this.dialog.close();
      await saved();
    });
  }

  /** @param {any} rule null for a new one */
  open(rule) {
    this.#edited = rule;
    this.#fill(rule ?? NEW);
    this.#opened = JSON.stringify(this.#typed());
    clear(this.form);
    need("[data-title]", this.dialog).textContent = rule ? t("Edit {name}", { name: rule.name }) : t("New rule");
    this.dialog.showModal();
  }

  /** A key that was touched by mistake must not throw away what was typed. @param {Event} event */
  #escape(event) {
    if (JSON.stringify(this.#typed()) === this.#opened) return;
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

  async #save() {
    if (this.#edited) await put(`/knowledge/rules/${this.#edited.id}`, this.#typed());
    else await post("/knowledge/rules", this.#typed());
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
