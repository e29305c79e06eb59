/** A suggested reply above the agent's composer: asked for by a button, put into the text by another, and never sent by itself. */

import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { t } from "../lib/words.js";
import { ChatComposer } from "./composer.js";
import { origin, sure } from "./reply-facts.js";

/** `button` belongs to the composer's tools, `place` above its text; `use` takes the suggested words. */
class Suggestion {
  #path;
  #use;

  constructor({ ticketId, use }) {
    this.#path = `/tickets/${ticketId}/assistant/suggestion`;
    this.#use = use;
    const name = t("Suggest a reply");
    this.button = h("button", { type: "button", class: "button quiet suggest-button", "aria-label": name, title: name, onclick: () => this.#ask() }, icon("assistant", "small"), h("span", { class: "suggest-words" }, t("Suggest")));
    this.panel = h("div", { class: "suggestion", hidden: true });
    // It stands in the page before there is anything to say: a region that comes with its first words is not read out.
    this.place = h("div", { role: "status" }, this.panel);
  }

  dismiss() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
  }

  async #ask() {
    if (this.button.hasAttribute("aria-busy")) return;
    this.button.setAttribute("aria-busy", "true");
    try {
      this.#show(await post(this.#path));
    } catch (problem) {
      this.#put(h("p", {}, t("There is no suggestion now. {why}", { why: problem.detail })), [this.#close()]);
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  #show(found) {
    if (!found.answer) {
      const why = found.reason ? h("p", { class: "behind-why", dir: "auto" }, t("Why: {reason}", { reason: found.reason })) : null;
      return this.#put(h("p", {}, t("The assistant knows no answer to this.")), [this.#close()], why);
    }
    const facts = h("p", { class: "behind-facts" }, origin(found), found.source === "rule" ? null : sure(found.confidence));
    const use = h("button", { type: "button", class: "button primary", onclick: () => this.#take(found.answer) }, t("Use it"));
    this.#put(h("p", { class: "suggestion-text", dir: "auto" }, found.answer), [use, this.#close()], facts);
  }

  #put(words, acts, facts = null) {
    const head = h("p", { class: "suggestion-title" }, icon("assistant", "small"), t("Suggested reply"));
    this.panel.replaceChildren(head, words, ...(facts ? [facts] : []), h("div", { class: "suggestion-acts" }, ...acts));
    this.panel.hidden = false;
  }

  #close() {
    return h("button", { type: "button", class: "button", onclick: () => (this.dismiss(), this.button.focus()) }, t("Dismiss"));
  }

  #take(words) {
    this.dismiss();
    this.#use(words);
  }
}

ChatComposer.Suggestion = Suggestion;
