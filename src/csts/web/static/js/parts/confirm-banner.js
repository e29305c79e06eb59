/** <confirm-banner>: asks a customer to confirm his address, and sends the link again. */

import { need } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { t } from "../lib/words.js";
import { toast } from "./toast.js";

class ConfirmBanner extends HTMLElement {
  connectedCallback() {
    const button = need("[data-again]", this);
    button.addEventListener("click", () => this.#sendAgain(button));
  }

  /** @param {HTMLButtonElement} button */
  async #sendAgain(button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await post("/user/email/confirm-request", undefined)
      .then(() => toast(t("A new link is on its way.")), (problem) => toast(problem.detail, { tone: "urgent" }))
      .finally(() => button.removeAttribute("aria-busy"));
  }
}

customElements.define("confirm-banner", ConfirmBanner);
