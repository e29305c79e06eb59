/** <second-factor>: an agent sets up his authenticator app, keeps his recovery codes, and turns it off again. */

import { h, moment, need } from "../lib/dom.js";
import { get, post } from "../lib/http.js";
import { sentence, t, tn } from "../lib/words.js";
import { onSend } from "./form.js";
import { revealIn } from "./reveal.js";
import { toast } from "./toast.js";

const FEW = 3;

class SecondFactor extends HTMLElement {
  connectedCallback() {
    this.place = need("[data-place]", this);
    this.#refresh();
  }

  async #refresh() {
    try {
      this.#show(await get("/agent/factor"));
    } catch (problem) {
      const again = h("button", { type: "button", class: "button", onclick: () => this.#refresh() }, t("Try again"));
      this.place.replaceChildren(h("p", { role: "alert" }, /** @type {any} */ (problem).detail), again);
    }
  }

  /** @param {any} state */
  #show(state) {
    this.state = state;
    const { on, since, recovery_codes_left: left, required } = state;
    if (!on) return this.#turn("off");
    this.#turn("on");
    const words = sentence("On since {when}.");
    const [before, behind] = t(words, { when: "\u0000" }).split("\u0000");
    need("[data-since]", this).replaceChildren(before, moment(since), behind);
    const line = need("[data-left]", this);
    line.textContent = tn("{count} recovery code is left.", "{count} recovery codes are left.", left);
    line.classList.toggle("factor-few", left <= FEW);
    need("[data-to=end]", this).hidden = required;
  }

  /** Puts a panel in the place of the last one; its buttons lead on. @param {string} name */
  #turn(name) {
    const template = /** @type {HTMLTemplateElement} */ (need(`template[data-panel="${name}"]`, this));
    this.place.replaceChildren(template.content.cloneNode(true));
    for (const button of this.place.querySelectorAll("[data-to]")) button.addEventListener("click", () => this.#ask(/** @type {HTMLElement} */ (button).dataset.to ?? ""));
    for (const button of this.place.querySelectorAll("[data-back]")) button.addEventListener("click", () => this.#back());
    revealIn(this.place);
  }

  #back() {
    this.#show(this.state);
    need("#factor-title", this).focus();
  }

  /** @param {string} name */
  #ask(name) {
    this.#turn(name);
    const form = need("form", this);
    need("input", form).focus();
    onSend(form, async () => {
      const typed = Object.fromEntries(new FormData(form));
      if (name === "begin") this.#scan(await post("/agent/factor", typed));
      else if (name === "renew") this.#keep((await post("/agent/factor/codes", typed)).recovery_codes);
      else await this.#end(typed);
    });
  }

  /** @param {any} typed */
  async #end(typed) {
    await post("/agent/factor/off", typed);
    await this.#refresh();
    need("#factor-title", this).focus();
    toast(t("Your second factor is off."));
  }

  /** @param {{secret: string, qr: string}} setup */
  #scan({ secret, qr }) {
    this.#turn("scan");
    const form = need("form", this);
    need("[data-qr]", this).src = qr;
    // In fours, for whoever types it.
    need("[data-secret]", this).textContent = secret.replace(/(.{4})(?=.)/g, "$1 ");
    need("[data-copy]", this).addEventListener("click", () => copy(secret));
    need("input", form).focus();
    onSend(form, async () => this.#keep((await post("/agent/factor/confirm", Object.fromEntries(new FormData(form)))).recovery_codes));
  }

  /** @param {string[]} codes */
  #keep(codes) {
    this.#turn("codes");
    need("[data-codes]", this).append(...codes.map((code) => h("li", {}, h("code", {}, code))));
    const text = `${codes.join("\n")}\n`;
    need("[data-copy]", this).addEventListener("click", () => copy(text));
    need("[data-download]", this).href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    need("[data-done]", this).addEventListener("click", () => this.#done());
    need("#factor-title", this).focus();
  }

  async #done() {
    URL.revokeObjectURL(need("[data-download]", this).href);
    // The rest of the settings was closed to who had none.
    if (this.state.required && !this.state.on) location.assign("/desk");
    else await this.#refresh();
  }
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("Copied."));
  } catch {
    toast(t("This browser does not let us copy. Please mark the text and copy it yourself."), { tone: "urgent" });
  }
}

customElements.define("second-factor", SecondFactor);
