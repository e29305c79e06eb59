/** The files on their way with a message: thumbnail, name, size, progress, remove, and what went wrong beside the file. */

import { h, icon } from "../lib/dom.js";
import { upload } from "../lib/upload.js";
import { kindOf, refusalOf } from "../lib/uploads.js";
import { size, t } from "../lib/words.js";
import { say } from "./voice.js";

/** Events: `change` (something was added, finished, failed or removed), `removed` (by a button, which is gone with its file). */
export class UploadTray extends EventTarget {
  #url;
  #limits;
  #items = [];

  constructor({ url, limits }) {
    super();
    this.#url = url;
    this.#limits = limits;
    this.element = h("ul", { class: "tray", role: "list", "aria-label": t("Attached files"), hidden: true });
  }

  get stored() {
    return this.#items.filter(({ stored }) => stored).map(({ stored }) => stored);
  }

  get isEmpty() {
    return !this.#items.length;
  }

  get busy() {
    return this.#items.some(({ stored, refused }) => !stored && !refused);
  }

  get broken() {
    return this.#items.some(({ refused }) => refused);
  }

  add(files) {
    for (const file of files) this.#take(file);
    this.#changed();
  }

  /** Puts back what a refused message carried; these files are stored already. */
  restore(attachments) {
    for (const stored of attachments) this.#place({ stored, file: { name: stored.file_name, size: stored.size, type: stored.file_type } });
    this.#changed();
  }

  clear() {
    [...this.#items].forEach((item) => this.#remove(item));
  }

  #take(file) {
    const refusal = refusalOf(file, this.#limits, this.#items.filter(({ refused }) => !refused).length);
    const item = this.#place({ file, stored: null });
    if (refusal) this.#refuse(item, t(...refusal));
    else this.#send(item);
  }

  #place(item) {
    Object.assign(item, { refused: null, cancel: new AbortController(), ...this.#draw(item) });
    this.#items.push(item);
    this.element.append(item.element);
    return item;
  }

  async #send(item) {
    const form = new FormData();
    form.append("file", item.file, item.file.name);
    const progress = (sent) => {
      const part = Math.min(1, sent / item.file.size);
      item.bar.value = part;
      item.words.textContent = part < 1 ? `${Math.round(part * 100)} %` : t("Checking…");
    };
    item.refused = null;
    item.bar.hidden = false;
    try {
      item.stored = await upload(this.#url, form, progress, item.cancel.signal);
      item.words.textContent = size(item.file.size);
      item.bar.hidden = true;
      say(t("{name} is attached", { name: item.file.name }));
    } catch (problem) {
      if (item.cancel.signal.aborted) return;
      const { status, detail } = problem;
      const lost = t("{name} could not be sent. Check your connection and try again.", { name: item.file.name });
      this.#refuse(item, (status && detail) || lost, !status || status >= 500 || [401, 429].includes(status));
    }
    this.#changed();
  }

  #refuse(item, sentence, mayRetry = false) {
    item.refused = sentence;
    item.bar.hidden = true;
    item.words.textContent = "";
    item.problem.textContent = sentence;
    item.again.hidden = !mayRetry;
    item.element.toggleAttribute("data-refused", true);
  }

  #retry(item) {
    item.problem.textContent = "";
    item.again.hidden = true;
    item.element.removeAttribute("data-refused");
    this.#send(item);
    this.#changed();
  }

  #takeOut(item) {
    this.#remove(item);
    say(t("{name} is removed", { name: item.file.name }));
    this.dispatchEvent(new Event("removed"));
  }

  #remove(item) {
    item.cancel.abort();
    if (item.preview) URL.revokeObjectURL(item.preview);
    item.element.remove();
    this.#items = this.#items.filter((other) => other !== item);
    this.#changed();
  }

  #changed() {
    this.element.hidden = !this.#items.length;
    this.dispatchEvent(new Event("change"));
  }

  #draw(item) {
    const { file } = item;
    const words = h("span", { class: "tray-words" }, size(file.size));
    const bar = h("progress", { class: "tray-bar", max: 1, value: 0, hidden: true, "aria-label": t("Sending {name}", { name: file.name }) });
    const problem = h("p", { class: "error", role: "alert" });
    const again = h("button", { type: "button", class: "tray-again", hidden: true, onclick: () => this.#retry(item) }, t("Try again"));
    const remove = h(
      "button",
      { type: "button", class: "tray-remove", "aria-label": t("Remove {name}", { name: file.name }), onclick: () => this.#takeOut(item) },
      icon("close", "small"),
    );
    const { preview, picture } = thumbnail(item);
    const text = h("div", { class: "tray-text" }, h("bdi", { class: "tray-name" }, file.name), words, bar, problem, again);
    return { element: h("li", { class: "tray-item" }, picture, text, remove), words, bar, problem, again, preview };
  }
}

function thumbnail({ file, stored }) {
  if (!kindOf(file).startsWith("image/")) return { preview: null, picture: h("span", { class: "tray-picture" }, icon("file")) };
  const preview = stored ? null : URL.createObjectURL(file);
  const picture = h("img", { class: "tray-picture", src: stored?.url ?? preview, alt: "", width: 40, height: 40 });
  picture.addEventListener("error", () => picture.replaceWith(h("span", { class: "tray-picture" }, icon("image"))), { once: true });
  return { preview, picture };
}
