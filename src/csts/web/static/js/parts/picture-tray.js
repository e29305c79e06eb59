/** <picture-tray>: pictures for a new ticket, chosen, dropped or pasted; each can be looked at and taken out again. */

import { h, icon, need } from "../lib/dom.js";
import { page } from "../lib/page.js";
import { refusal, shares, tooMany } from "../lib/pictures.js";
import { size, t } from "../lib/words.js";
import { mark } from "./form.js";
import { say } from "./voice.js";

const HEAD_BYTES = 8;

/** A pasted screenshot has no name worth keeping. @param {File} file @param {number} place */
const named = (file, place) => new File([file], t("Screenshot {number}", { number: place }) + extension(file), { type: file.type });
const extension = (/** @type {File} */ file) => (file.type === "image/jpeg" ? ".jpg" : ".png");

class PictureTray extends HTMLElement {
  /** @type {File[]} */
  files = [];
  /** Until all that was chosen is looked at; null when it is. @type {Promise<void>|null} */
  reading = null;
  #limits = page.options.screenshots;
  #list = h("ul", { class: "thumbs", role: "list" });

  connectedCallback() {
    this.append(this.#list);
    const input = need("input", this);
    input.addEventListener("change", () => this.add([...input.files]).then(() => (input.value = "")));
    document.addEventListener("paste", (event) => this.#paste(event));
    document.addEventListener("dragover", (event) => this.#drag(event));
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? this.classList.remove("over"));
    document.addEventListener("drop", (event) => this.#drop(event));
  }

  /** What is missing, as an error of a form, or null. */
  complaint() {
    const { min } = this.#limits;
    if (this.files.length >= min) return null;
    const message = min === 1 ? t("Please add a screenshot of what you see.") : t("Please add at least {count} screenshots.", { count: min });
    return { field: "screenshots", message };
  }

  /** @param {File[]} files */
  add(files) {
    const reading = Promise.resolve(this.reading).then(() => this.#add(files)).finally(() => this.reading === reading && (this.reading = null));
    return (this.reading = reading);
  }

  /** @param {File[]} files */
  async #add(files) {
    const wrong = [];
    for (const file of files) {
      const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
      const reason = refusal(file, head, this.#limits) ?? (this.files.length >= this.#limits.max ? tooMany(this.#limits.max) : null);
      if (reason) wrong.push(reason);
      else this.#take(file);
    }
    this.#complain([...new Set(wrong)].join(" "));
  }

  /** @param {number} sent bytes that have left; negative while nothing is being sent */
  progress(sent) {
    const done = sent < 0 ? [] : shares(this.files.map((file) => file.size), sent);
    this.toggleAttribute("data-sending", sent >= 0);
    this.#list.querySelectorAll("progress").forEach((bar, place) => {
      bar.hidden = sent < 0;
      bar.value = done[place] ?? 0;
    });
  }

  /** @param {File} file */
  #take(file) {
    this.files.push(file);
    const address = URL.createObjectURL(file);
    const row = h("li", { class: "thumb" },
      h("img", { src: address, alt: "", width: 96, height: 72 }),
      h("span", { class: "thumb-name" }, file.name),
      h("span", { class: "hint" }, size(file.size)),
      h("progress", { max: 1, value: 0, hidden: true, "aria-label": t("Sending {name}", { name: file.name }) }),
      h("button", { class: "icon-button", type: "button", "aria-label": t("Remove {name}", { name: file.name }), onclick: () => this.#remove(file, row, address) }, icon("close", "small")));
    this.#list.append(row);
    this.#changed();
    say(t("{name} is attached", { name: file.name }));
  }

  /** @param {File} file @param {HTMLElement} row @param {string} address */
  #remove(file, row, address) {
    this.files = this.files.filter((each) => each !== file);
    URL.revokeObjectURL(address);
    row.remove();
    need("input", this).focus();
    this.#complain("");
    this.#changed();
    say(t("{name} is removed", { name: file.name }));
  }

  #changed() {
    this.toggleAttribute("data-full", this.files.length >= this.#limits.max);
  }

  /** @param {string} message */
  #complain(message) {
    mark(/** @type {HTMLElement} */ (this.closest("[data-field]")), message);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files.map((file, place) => named(file, this.files.length + place + 1)));
  }

  /** @param {DragEvent} event */
  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.classList.add("over");
  }

  /** @param {DragEvent} event */
  #drop(event) {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    this.classList.remove("over");
    this.add([...event.dataTransfer.files]);
  }
}

customElements.define("picture-tray", PictureTray);
