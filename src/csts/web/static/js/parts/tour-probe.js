/** <tour-probe>: asks the desk over its API, in front of the visitor, and says of each answer whether it is the right one. */

import { h, icon } from "../lib/dom.js";
import { Problem } from "../lib/http.js";
import { page } from "../lib/page.js";
import { Desk } from "../lib/tour-desk.js";
import { PROBES } from "../lib/tour-probes.js";
import { t } from "../lib/words.js";

class TourProbe extends HTMLElement {
  connectedCallback() {
    this.start = h("button", { type: "button", class: "button", onclick: () => this.#run() }, icon("bolt", "small"), t("Try it"));
    this.list = h("ul", { class: "tour-answers", role: "list" });
    this.said = h("p", { class: "visually-hidden", role: "status" });
    this.replaceChildren(h("div", { class: "tour-acts" }, this.start), this.list, this.said);
  }

  async #run() {
    if (this.start?.getAttribute("aria-busy") === "true") return;
    this.start?.setAttribute("aria-busy", "true");
    this.list?.replaceChildren();
    const probe = PROBES[/** @type {keyof typeof PROBES} */ (this.getAttribute("name"))];
    await this.#tell(probe(new Desk(/** @type {any} */ (page).tour))).finally(() => this.start?.removeAttribute("aria-busy"));
  }

  /** Each answer as it comes. @param {AsyncIterable<import("../lib/tour-probes.js").Finding>} findings */
  async #tell(findings) {
    const verdicts = [];
    try {
      for await (const finding of findings) {
        verdicts.push(finding.good);
        this.#add(finding);
      }
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      this.#add({ asked: "", answer: "", says: failure.detail, good: false });
      verdicts.push(false);
    }
    if (this.said) this.said.textContent = verdicts.every(Boolean) ? t("All as it should be") : t("Something is not as it should be");
  }

  /** @param {import("../lib/tour-probes.js").Finding} finding */
  #add({ asked, answer, says, good }) {
    const verdict = h("span", { class: "visually-hidden" }, good ? t("As it should be:") : t("Not as it should be:"));
    const line = asked && h("code", {}, answer ? `${asked} → ${answer}` : asked);
    this.list?.append(h("li", { "data-good": String(good) }, icon(good ? "check" : "alert", "small"), h("div", {}, verdict, line, h("p", {}, says))));
  }
}

customElements.define("tour-probe", TourProbe);
