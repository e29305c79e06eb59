/** <permission-line>: what this browser makes of notifications, as it is, and what to do where it blocks them. */

import { h } from "../lib/dom.js";
import { preferences } from "../lib/preferences.js";
import { subscribe } from "../lib/push.js";
import { t } from "../lib/words.js";
import { ask, permission } from "./notices.js";

class PermissionLine extends HTMLElement {
  #turn = 0;

  connectedCallback() {
    for (const name of ["permission", "preferences"]) document.addEventListener(name, () => this.#draw());
    // Somebody may change it in the browser's own settings while the page is open.
    navigator.permissions?.query({ name: "notifications" }).then((status) => status.addEventListener("change", () => this.#draw()), () => {});
    this.#draw();
  }

  async #draw() {
    const state = permission();
    const turn = (this.#turn += 1);
    this.#write(state, "");
    const isCalled = state === "granted" && preferences.notifications && (await subscribe());
    // Somebody may have switched it off meanwhile.
    if (isCalled && turn === this.#turn) this.#write(state, t("It tells you with every page closed, too."));
  }

  /** @param {string} state @param {string} more */
  #write(state, more) {
    this.hidden = state === "default" && !preferences.notifications;
    this.dataset.state = state;
    this.replaceChildren(h("p", {}, [words(state), more].filter(Boolean).join(" ")), state === "default" ? h("button", { type: "button", class: "button", onclick: ask }, t("Allow them here")) : "");
  }
}

/** @param {string} state */
function words(state) {
  if (state === "granted") return t("This browser may show them.");
  if (state === "denied") return t("This browser blocks them. Click the sign left of the address, allow notifications, and load the page anew.");
  if (state === "default") return t("They are on, but this browser has not been asked yet.");
  return t("This browser has none, or only over https.");
}

customElements.define("permission-line", PermissionLine);
