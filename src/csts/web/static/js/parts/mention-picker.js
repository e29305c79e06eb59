/** `@` in an internal note: the colleagues over the composer, put in by their usernames; the server tells those who are named. */

import { colleagues } from "../lib/colleagues.js";
import { avatar, h, icon } from "../lib/dom.js";
import { meant, signAt } from "../lib/mentions.js";
import { page } from "../lib/page.js";
import { t, tn } from "../lib/words.js";
import { Completion } from "./completion.js";
import { OptionList, optionKeys } from "./option-list.js";

/** @typedef {import("../lib/colleagues.js").Colleague} Colleague */

export class MentionPicker {
  #composer;
  #completion;

  /** @param {any} composer the <chat-composer> that it serves */
  constructor(composer) {
    this.#composer = composer;
    this.options = new OptionList({ id: "mention-options", name: t("Colleagues"), draw, choose: (colleague) => this.#completion.choose(colleague) });
    this.foot = h("p", { class: "option-news" });
    this.foot.addEventListener("mousedown", (event) => event.preventDefault());
    this.#completion = new Completion(composer, {
      options: this.options,
      foot: this.foot,
      // A customer would read our usernames.
      find: (text, caret) => (composer.isNote ? signAt(text, caret) : null),
      show: (query) => this.#show(query),
      refresh: () => colleagues.load().then(() => this.#completion.redraw()),
      take: ({ username }, { start, end }) => this.#put(username, start, end),
    });
    composer.addEventListener("ready", () => this.#dress());
    if (composer.form) this.#dress();
  }

  /** The composer's own button, in notes alone. */
  #dress() {
    const name = t("Mention a colleague");
    const button = h("button", { type: "button", class: "icon-button mention-button", "aria-label": name, title: t("Mention a colleague: @ in a note"), onclick: () => this.#completion.offer("@") }, icon("at"));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    this.#composer.form.querySelector(".composer-tools > input").after(button);
    this.#completion.forget();
  }

  /** @param {string} query */
  #show(query) {
    const others = colleagues.active.filter(({ id }) => id !== page.me?.id);
    const found = meant(others, query);
    this.options.show(found);
    const none = others.length ? t("Nobody here is called so.") : t("There is nobody else on this desk.");
    this.foot.replaceChildren(found.length ? optionKeys(t("puts the name in")) : none);
    return found.length ? tn("{count} colleague. Up and down choose, Enter puts the name in.", "{count} colleagues. Up and down choose, Enter puts the name in.", found.length) : none;
  }

  /** With the space that goes on, unless there is one. @param {string} username @param {number} start @param {number} end */
  #put(username, start, end) {
    const goesOn = /\s/u.test(this.#composer.text.value.charAt(end));
    this.#completion.write(`@${username}${goesOn ? "" : " "}`, start, end);
  }
}

/** @param {Colleague} colleague */
function draw({ name, username, online }) {
  const picture = avatar(name);
  return [
    h("span", { class: "option-person" }, picture,
      h("strong", { dir: "auto" }, name),
      h("code", {}, `@${username}`),
      online ? h("span", { class: "option-online" }, h("span", { class: "room-dot" }), t("online")) : null),
  ];
}
