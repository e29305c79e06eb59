/**
 * <stale-guard>: holds a reply that somebody has written past, shows what came, and lets the next Enter send it. It belongs to the
 * desk: a room finds it by its name, and customers do not load it.
 */

import { h, icon } from "../lib/dom.js";
import { personName } from "../lib/names.js";
import { authorsOf, newsBehind } from "../lib/stale.js";
import { t } from "../lib/words.js";
import { listed } from "./people-line.js";

const QUOTED_CHARS = 160;

class StaleGuard extends HTMLElement {
  #room;
  #composer;
  #reveal;
  /** The server has held a reply for a line that is still on its way to this page. */
  #expects = false;

  /** `reveal` shows the thread from a number on, and scrolls there where it is told to. */
  watch({ room, composer, reveal }) {
    this.#room = room;
    this.#composer = composer;
    this.#reveal = reveal;
    this.hidden = true;
    this.setAttribute("role", "alert");
    this.words = h("p", { class: "stale-words" });
    this.quote = h("p", { class: "stale-quote", dir: "auto" });
    const hint = h("p", { class: "stale-hint" }, t("Enter sends your reply all the same. Esc goes back to it."));
    const anyway = h("button", { type: "button", class: "button", onclick: () => composer.submit() }, icon("send", "small"), t("Send anyway"));
    this.append(icon("alert"), h("div", { class: "stale-news" }, this.words, this.quote, hint), anyway);
    composer.form.prepend(this);
  }

  /** Whether the reply has to wait: others have written what its author has not seen yet. */
  holds() {
    const news = this.#news();
    if (news.length) this.#hold(news, t("{name} wrote while you were typing.", { name: namesOf(news) }));
    else this.release();
    return news.length > 0;
  }

  /** Takes the notice back; says whether there was one. */
  release() {
    const was = !this.hidden;
    this.hidden = true;
    this.#expects = false;
    return was;
  }

  /** The thread is there: a draft of another day may be older than what answers it. */
  opened() {
    const { reply } = this.#composer;
    if (!reply.text.trim()) return;
    if (reply.after === null) reply.confirm(this.#room.thread.contiguous);
    const news = this.#news();
    if (news.length) this.#hold(news, t("{name} wrote after you began this reply.", { name: namesOf(news) }), { scrolls: false });
  }

  /** The server has held it. What it knows more is here, or comes soon. */
  refused(lastSeq) {
    this.#show(t("Somebody wrote while you were typing."), "");
    this.#room.reaches(lastSeq);
  }

  /** The thread has changed. */
  look() {
    if (this.#expects && this.#news().length) this.holds();
  }

  #news() {
    return newsBehind(this.#room.thread.entries(), this.#composer.reply.after);
  }

  // What is shown now is seen: the next Enter sends, unless somebody writes again.
  #hold(news, words, { scrolls = true } = {}) {
    this.#show(words, quoteOf(news.at(-1)));
    this.#composer.reply.confirm(Math.max(news.at(-1).seq, this.#room.thread.contiguous ?? 0));
    this.#reveal(news[0].seq, scrolls);
  }

  #show(words, quote) {
    this.hidden = false;
    this.#expects = !quote;
    this.words.textContent = words;
    this.quote.textContent = quote;
    this.quote.hidden = !quote;
  }
}

const namesOf = (news) => listed(authorsOf(news).map(personName));

function quoteOf({ content, attachments }) {
  const words = content || attachments.map(({ file_name: name }) => name).join(", ");
  return words.length > QUOTED_CHARS ? `${words.slice(0, QUOTED_CHARS).trimEnd()}…` : words;
}

customElements.define("stale-guard", StaleGuard);
