/** <help-search>: results while one types. The server draws them, so that they are the same with and without scripts. */

import { Asking } from "../lib/asking.js";
import { need } from "../lib/dom.js";
import { offline, problem } from "../lib/http.js";
import { t, tn } from "../lib/words.js";

const DELAY_MS = 250;

/** @param {string} text */
const addressOf = (text) => (text ? `/help?${new URLSearchParams({ q: text })}` : "/help");

/** The page of this search, as a document of which a part is shown. @param {string} text @param {AbortSignal} signal */
async function read(text, signal) {
  const response = await fetch(addressOf(text), { headers: { Accept: "text/html" }, signal }).catch((failure) => {
    throw signal.aborted ? failure : offline();
  });
  if (!response.ok) throw problem(response.status, "");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

class HelpSearch extends HTMLElement {
  connectedCallback() {
    this.input = need("input[type=search]", this);
    this.found = need("[data-found]", this);
    this.asking = new Asking({
      ask: read,
      take: (answer, text) => this.#show(answer, text),
      // What was found before stays, and Enter asks as any form does.
      fail: () => this.#say(t("The search did not answer. Press Enter to try again.")),
      delay: DELAY_MS,
    });
    this.asking.follow(this.input, this.input.defaultValue);
  }

  /** @param {Document} answer @param {string} text */
  #show(answer, text) {
    const found = need("[data-found]", answer);
    this.found.replaceChildren(...[...found.childNodes].map((node) => document.adoptNode(node)));
    history.replaceState(null, "", addressOf(text));
    const count = this.found.querySelectorAll("li").length;
    this.#say(count ? tn("{count} article found", "{count} articles found", count) : t("Nothing found"));
  }

  /** @param {string} text */
  #say(text) {
    need("[data-said]", this).textContent = text;
  }
}

customElements.define("help-search", HelpSearch);
