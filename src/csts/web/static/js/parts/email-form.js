/** <email-form>: another e-mail address for who knows his password, and what is still to be done for it. */

import { h, need } from "../lib/dom.js";
import { get, put } from "../lib/http.js";
import { t } from "../lib/words.js";
import { onSend } from "./form.js";
import { revealIn } from "./reveal.js";
import { toast } from "./toast.js";

class EmailForm extends HTMLElement {
  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (need("form", this));
    revealIn(this);
    get("/email").then((told) => this.#show(told), (problem) => (need("[data-current]", this).textContent = problem.detail));
    onSend(form, async () => {
      const told = await put("/email", Object.fromEntries(new FormData(form)));
      form.reset();
      this.#show(told);
      if (!told.waiting_for) toast(t("Your e-mail address is changed."));
    });
  }

  /** @param {{email: string|null, waiting_for: string|null}} told */
  #show({ email, waiting_for: next }) {
    need("[data-current]", this).replaceChildren(...(email ? [h("strong", {}, email)] : [t("No address has been entered yet.")]));
    const waiting = need("[data-waiting]", this);
    waiting.hidden = !next;
    waiting.textContent = next ? t("We have sent a link to {email}. Your address changes once you open it.", { email: next }) : "";
  }
}

customElements.define("email-form", EmailForm);
