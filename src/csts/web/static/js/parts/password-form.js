/** <password-form>: a new password for who knows the old one. */

import { need } from "../lib/dom.js";
import { put } from "../lib/http.js";
import { t } from "../lib/words.js";
import { onSend } from "./form.js";
import { revealIn } from "./reveal.js";
import { toast } from "./toast.js";

class PasswordForm extends HTMLElement {
  connectedCallback() {
    const form = /** @type {HTMLFormElement} */ (need("form", this));
    revealIn(this);
    onSend(form, async () => {
      await put("/password", Object.fromEntries(new FormData(form)));
      form.reset();
      toast(t("Your password is changed, and other sessions have ended."));
      document.dispatchEvent(new CustomEvent("sessions-changed"));
    });
  }
}

customElements.define("password-form", PasswordForm);
