/** <settings-form>: each choice is kept as soon as it is made, and goes back where it could not be. */

import { need } from "../lib/dom.js";
import { choose, preferences } from "../lib/preferences.js";
import { t } from "../lib/words.js";
import { mark } from "./form.js";
import { ask, sample } from "./notices.js";

/** @typedef {HTMLInputElement|HTMLSelectElement} Control */

class SettingsForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.#changed(/** @type {Control} */ (event.target)));
    need("[data-try]", this).addEventListener("click", sample);
    // Another tab, or the account menu of this page.
    document.addEventListener("preferences", () => this.#show());
  }

  /** @returns {Control[]} */
  get #controls() {
    return [...this.querySelectorAll("[data-field] input, [data-field] select")].map((control) => /** @type {Control} */ (control));
  }

  #show() {
    const held = /** @type {Record<string, any>} */ (preferences);
    for (const control of this.#controls) {
      if (control instanceof HTMLInputElement) control.checked = held[control.name];
      else if (held[control.name]) control.value = held[control.name];
    }
  }

  /** @param {Control} control */
  async #changed(control) {
    const field = /** @type {HTMLElement} */ (control.closest("[data-field]"));
    mark(field, "");
    this.#say("");
    // Asked here, by the click: no page of ours asks by itself.
    if (control.name === "notifications" && /** @type {HTMLInputElement} */ (control).checked && (await ask()) !== "granted") return this.#show();
    try {
      await choose({ [control.name]: control instanceof HTMLInputElement ? control.checked : control.value });
      this.#say(t("Saved."));
    } catch (problem) {
      this.#show();
      mark(field, /** @type {Error} */ (problem).message);
    }
  }

  /** @param {string} words */
  #say(words) {
    need("[data-said]", this).textContent = words;
  }
}

customElements.define("settings-form", SettingsForm);
