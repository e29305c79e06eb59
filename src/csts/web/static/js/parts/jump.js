/** The button that leads back to the end and says how much is new there. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

export class JumpButton {
  constructor(act) {
    this.words = h("span");
    this.element = h("button", { type: "button", class: "thread-jump", hidden: true }, icon("arrow-down"), this.words);
    this.element.addEventListener("click", act);
  }

  count(unseen, away) {
    const words = unseen ? t("{count} new", { count: unseen }) : t("To the end");
    if (this.words.textContent !== words) this.words.textContent = words;
    this.element.hidden = !away;
    this.element.toggleAttribute("data-news", unseen > 0);
    this.words.className = unseen ? "" : "visually-hidden";
  }
}
