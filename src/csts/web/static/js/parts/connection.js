/** The pill that says how the line is: silent while all is well and for the first five seconds of trouble. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const SILENT_MS = 5000;
const RELIEF_MS = 2000;

/** `state` is connecting, online, reconnecting, slow or stopped. Event: `retry`. */
export class ConnectionPill extends HTMLElement {
  #shown = null;
  #timer = null;
  #state = "connecting";

  connectedCallback() {
    // There before it has anything to say: a region that comes with its first words is not read out.
    this.setAttribute("role", "status");
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  set state(state) {
    if (state === this.#state) return;
    const troubled = state !== "online";
    const wasTroubled = this.#state !== "online";
    this.#state = state;
    if (state === "slow" || state === "stopped") this.#show(state);
    else if (troubled && !wasTroubled) this.#later(SILENT_MS, () => this.#show("reconnecting"));
    else if (troubled && this.#shown) this.#show("reconnecting");
    else if (!troubled) this.#relieve();
  }

  /** A new room: nothing is known yet. */
  start() {
    this.#state = "connecting";
    this.#hide();
    this.#later(SILENT_MS, () => this.#show("reconnecting"));
  }

  #relieve() {
    if (!this.#shown) return this.#hide();
    this.#show("online");
    this.#later(RELIEF_MS, () => this.#hide());
  }

  #show(state) {
    clearTimeout(this.#timer);
    this.#shown = state;
    this.dataset.state = state;
    this.replaceChildren(h("span", { class: "pill" }, icon(state === "online" ? "check" : "wifi-off", "small"), wordsFor(state, this.hasAttribute("list")), this.#retry(state), this.#why(state)));
  }

  #retry(state) {
    if (state !== "reconnecting") return null;
    return h("button", { type: "button", class: "connection-retry", onclick: () => this.dispatchEvent(new Event("retry")) }, t("Try now"));
  }

  /** In a tab of its own: what is typed here stays here. */
  #why(state) {
    if (state !== "reconnecting" && state !== "slow") return null;
    return h("a", { class: "connection-retry", href: "/connection", target: "_blank" }, t("Why?"));
  }

  #hide() {
    clearTimeout(this.#timer);
    this.#shown = null;
    this.replaceChildren();
  }

  #later(delay, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, delay);
  }
}

function wordsFor(state, isList) {
  if (state === "online") return t("Connected");
  if (state === "slow" && isList) return t("Live updates are blocked; this list is read anew every few seconds");
  if (state === "slow") return t("Live updates are blocked; chat goes on more slowly");
  if (state === "stopped") return t("This conversation is no longer open to you");
  return t("Reconnecting…");
}

customElements.define("connection-pill", ConnectionPill);
