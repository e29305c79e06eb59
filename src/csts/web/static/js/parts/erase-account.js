/** <erase-account>: an account is erased for good, after its address was typed once more by hand. */

import { need } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { page } from "../lib/page.js";
import { clear, onSend } from "./form.js";
import { revealIn } from "./reveal.js";
import { leave } from "./sign-out.js";

class EraseAccount extends HTMLElement {
  connectedCallback() {
    const dialog = /** @type {HTMLDialogElement} */ (need("dialog", this));
    const form = /** @type {HTMLFormElement} */ (need("form", dialog));
    revealIn(form);
    need("[data-cancel]", form).addEventListener("click", () => dialog.close());
    need("[data-open]", this).addEventListener("click", () => {
      form.reset();
      clear(form);
      dialog.showModal();
      need("input", form).focus();
    });
    onSend(form, async () => {
      await post(this.dataset.path ?? "", Object.fromEntries(new FormData(form)));
      // His own account: he is nobody here any more.
      if (page.me?.kind === "customer") leave(page.me);
      else location.assign(this.dataset.done ?? "/");
    });
  }
}

customElements.define("erase-account", EraseAccount);
