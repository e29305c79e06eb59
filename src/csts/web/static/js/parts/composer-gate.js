/** Says over the composer why nothing can be sent now, with the one way out: reopening, or the ticket where the talk goes on. */

import { h, icon } from "../lib/dom.js";
import { addressFor } from "../lib/merged.js";
import { page } from "../lib/page.js";
import { t } from "../lib/words.js";

export class ComposerGate {
  #said = "";
  #leave;

  /** @param {{reopen: () => void, leave: (ticketId: number) => void}} does `leave`: he goes on in that ticket */
  constructor({ reopen, leave }) {
    this.#leave = leave;
    this.words = h("p");
    this.reopen = h("button", { type: "button", class: "button", onclick: reopen }, t("Reopen"));
    this.element = h("div", { class: "composer-gate", hidden: true }, this.words, this.reopen);
  }

  get isShut() {
    return !this.element.hidden;
  }

  /** @param {import("../lib/merged.js").Bar|null} bar null opens it */
  show(bar) {
    this.element.hidden = !bar;
    // Told again with each change of the ticket: the link stays under the hand that is about to press it.
    if (!bar || bar.words === this.#said) return;
    this.#said = this.words.textContent = bar.words;
    this.element.replaceChildren(this.words, bar.into ? this.#link(bar.into) : this.reopen);
  }

  /** @param {import("../lib/merged.js").Ref} into */
  #link({ id, ticket_no: number }) {
    return h("a", { class: "button", href: addressFor(page.me?.kind ?? "", id), "data-ticket": id, onclick: () => this.#leave(id) }, icon("merge", "small"), t("Go on in {number}", { number }));
  }
}
