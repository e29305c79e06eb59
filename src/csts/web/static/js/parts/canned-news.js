/** Under a list of canned replies: which keys there are, or why there is nothing to choose. */

import { h } from "../lib/dom.js";
import { t } from "../lib/words.js";
import { optionKeys } from "./option-list.js";

export class CannedNews {
  constructor() {
    this.words = h("span");
    this.element = h("p", { class: "option-news" }, this.words, " ", h("a", { href: "/desk/replies", target: "_blank" }, t("Edit canned replies")));
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** @param {string} enter what Enter does */
  keys(enter) {
    this.words.replaceChildren(optionKeys(enter));
  }

  /** @param {{isKnown: boolean, any: boolean}} state @returns {string} what is said */
  none({ isKnown, any }) {
    if (!isKnown) return this.#say(t("Reading the canned replies…"));
    return this.#say(any ? t("No canned reply matches.") : t("There are no canned replies yet. What you write again and again is written once there."));
  }

  /** @param {Error} problem */
  fail(problem) {
    return this.#say(t("The canned replies could not be read. {why}", { why: t(problem.message) }));
  }

  /** @param {string} words */
  #say(words) {
    this.words.textContent = words;
    return words;
  }
}
