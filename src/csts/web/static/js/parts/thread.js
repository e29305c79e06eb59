/** The thread on screen: history that keeps its place, news that are announced, and the end that it sticks to. */

import { onReturn } from "../lib/gate.js";
import { h } from "../lib/dom.js";
import { layOut } from "../lib/thread-layout.js";
import { t } from "../lib/words.js";
import { JumpButton } from "./jump.js";
import { lightboxWithin } from "./lightbox-links.js";
import { drawRow, looksOf } from "./message.js";
import { Blocks } from "./thread-blocks.js";
import { Rows } from "./thread-rows.js";

const STICK_WITHIN = 100;
const OLDER_WITHIN = 600;

/** Events: `older` (wants the page above), `seen` (detail: the last number in view), and what a button of a row does (`retry`, `discard`, `say`, `judge`; detail: its data). */
export class TicketThread extends HTMLElement {
  /** What marks the names in notes (parts/note-names.js puts itself here); customers need not load it. @type {{draw: (text: string) => (Node|string)[], looks: (text: string) => string}|null} */
  static notes = null;

  #rows;
  #blocks;
  #view = null;
  #liveFrom = null;
  #stuck = true;
  #unseen = 0;
  #newest = 0;
  #top = 0;
  #climbed = false;
  #leave = null;
  #drawing = false;
  #isPlaced = true;

  connectedCallback() {
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    if (!this.scroller) this.#build();
    this.scroller.addEventListener("scroll", () => this.#scrolled(), { signal, passive: true });
    this.log.addEventListener("click", (event) => this.#act(event), { signal });
    // Whoever unfolds something reads it from its beginning, also at the end of the thread.
    this.log.addEventListener("toggle", () => (this.#stuck = false), { signal, capture: true });
    lightboxWithin(this.log, signal);
    onReturn(() => this.#tellSeen(), { signal });
    this.sizes = new ResizeObserver(() => {
      this.#blocks.fit(this.scroller.clientWidth);
      if (!this.#isPlaced) this.#place();
      else if (this.#stuck) this.toEnd();
    });
    for (const element of [this.scroller, this.intro, this.log, this.outro]) this.sizes.observe(element);
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.sizes.disconnect();
  }

  /** Starts with an empty thread: another ticket. */
  reset() {
    this.#view = null;
    this.#liveFrom = null;
    this.#isPlaced = true;
    this.#stuck = true;
    this.#unseen = 0;
    this.#newest = 0;
    this.#climbed = false;
    this.#top = 0;
    if (this.scroller) this.#empty();
  }

  /** `view` is `{entries, me, seenTo, newFrom, complete, assistant}`; calls in one turn of the loop are drawn once. */
  show(view) {
    this.#view = view;
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      if (this.#view && this.isConnected) this.#draw(this.#view);
    });
  }

  /** Something that rows show is known now, or has changed, outside of the thread. */
  redraw() {
    if (this.#view) this.show(this.#view);
  }

  /** The first page could not be had; `again` is called by the button. */
  fail(words, again) {
    const button = h("button", { type: "button", class: "button" }, t("Try again"));
    button.addEventListener("click", again);
    this.top.replaceChildren(h("p", { class: "thread-trouble", role: "alert" }, words), button);
  }

  wait() {
    this.top.replaceChildren(h("div", { class: "thread-skeleton", "aria-hidden": "true" }, ...[1, 2, 3].map(() => h("span"))));
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#stuck = true;
  }

  /** The end, or the "New" line where there is more behind it than fits. */
  toNews() {
    this.toEnd();
    this.#toUnread();
  }

  #build() {
    this.top = h("div", { class: "thread-top" });
    this.history = h("div", { class: "thread-rows", "aria-live": "off" });
    this.news = h("div", { class: "thread-rows" });
    this.log = h(
      "div",
      { class: "thread-log", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": t("Conversation") },
      this.history,
      this.news,
    );
    this.intro = h("div", { class: "thread-intro", hidden: true });
    this.outro = h("div", { class: "thread-outro" });
    this.scroller = h("div", { class: "thread-scroll", tabindex: "0", role: "region", "aria-label": t("Messages") }, this.top, this.intro, this.log, this.outro);
    this.jump = new JumpButton(() => this.toEnd());
    this.append(this.scroller, this.jump.element);
    this.#empty();
  }

  #empty() {
    this.#rows = new Rows();
    this.#blocks = new Blocks(this.history);
    this.history.replaceChildren();
    this.news.replaceChildren();
    this.top.replaceChildren();
    this.jump.count(0, false);
  }

  #draw(view) {
    const own = view.entries.at(-1)?.state === "sending" && view.entries.at(-1).key;
    const spoke = own && own !== this.#rows.lastOwn;
    this.#liveFrom ??= (view.entries.findLast(({ message }) => message.seq !== null)?.message.seq ?? 0) + 1;
    if (!this.history.childElementCount) this.#awaitPlace();
    const rows = layOut(view.entries, { newFrom: view.newFrom });
    const looks = { ...view, notes: TicketThread.notes };
    this.#keepingPlace(() => {
      this.#drawTop(view);
      this.#rows.draw(this.#places(rows), { looks: (row) => looksOf(row, looks), make: (row) => drawRow(row, looks) });
    }, spoke);
    this.#rows.lastOwn = own || this.#rows.lastOwn;
    if (this.#isPlaced) this.#countNews(view);
  }

  // Watched anew: another ticket may be as high as the one before, and that would be no news.
  #awaitPlace() {
    this.#isPlaced = false;
    this.sizes.unobserve(this.log);
    this.sizes.observe(this.log);
  }

  // When the first lines are laid out and not yet shown. To ask where they are any sooner has all of the page laid out at once.
  #place() {
    this.#isPlaced = true;
    this.toNews();
    this.#countNews(this.#view);
  }

  // What was there when the thread was opened, and what is read further up, is not news: it stays outside the live region.
  #places(rows) {
    const at = rows.findIndex(({ seq }) => seq === null || seq >= this.#liveFrom);
    const split = at < 0 ? rows.length : at;
    return [...this.#blocks.places(rows.slice(0, split)), [this.news, rows.slice(split)]];
  }

  /** One who has much to read begins where he stopped. */
  #toUnread() {
    const line = this.log.querySelector(".thread-new");
    if (!line || line.offsetTop > this.scroller.scrollTop) return;
    this.#stuck = false;
    this.#top = this.scroller.scrollTop = line.offsetTop - this.scroller.offsetTop - 16;
  }

  // What the ticket was opened with stands where the conversation begins, so it shows when that is reached.
  #drawTop({ complete }) {
    const words = complete ? "" : t("Loading earlier messages…");
    if (!words) this.top.replaceChildren();
    else if (this.top.textContent !== words) this.top.replaceChildren(h("p", { class: "thread-start" }, words));
    this.intro.hidden = !complete;
  }

  /** Runs a change so that what the reader looks at stays where it is, or the end stays in view. */
  #keepingPlace(change, spoke) {
    if (!this.#isPlaced) return change();
    const anchor = this.#stuck ? null : this.#rows.firstBelow(this.scroller.getBoundingClientRect().top);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (this.#stuck || spoke) this.toEnd();
    else if (anchor?.isConnected) this.scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  #countNews({ entries }) {
    const theirs = entries.filter(({ own, message }) => !own && message.seq > this.#newest && this.#newest);
    this.#newest = Math.max(this.#newest, ...entries.map(({ message }) => message.seq ?? 0));
    this.#unseen = this.#stuck ? 0 : this.#unseen + theirs.length;
    this.jump.count(this.#unseen, !this.#stuck);
    this.#wantOlder();
    this.#tellSeen();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const goesUp = scrollTop < this.#top;
    this.#climbed ||= goesUp;
    this.#top = scrollTop;
    // What has grown since the scroll that is told of here is no reason to leave the end: only a way up is.
    this.#stuck = scrollHeight - scrollTop - clientHeight <= STICK_WITHIN || (this.#stuck && !goesUp);
    if (this.#stuck) this.#unseen = 0;
    this.jump.count(this.#unseen, !this.#stuck);
    this.#wantOlder();
    this.#tellSeen();
  }

  // Whoever begins at the "New" line reads on from there: what is above is not fetched before he goes up.
  #wantOlder() {
    const { scrollTop } = this.scroller;
    const goesUp = this.#climbed || this.#stuck || !scrollTop;
    if (this.#view && !this.#view.complete && goesUp && scrollTop < OLDER_WITHIN) this.dispatchEvent(new CustomEvent("older"));
  }

  #tellSeen() {
    const seen = this.#stuck && this.#newest && document.visibilityState === "visible";
    if (seen) this.dispatchEvent(new CustomEvent("seen", { detail: this.#newest }));
  }

  #act(event) {
    const button = event.target.closest("button[data-act]");
    if (button) this.dispatchEvent(new CustomEvent(button.dataset.act, { detail: { ...button.dataset } }));
  }
}

customElements.define("ticket-thread", TicketThread);
