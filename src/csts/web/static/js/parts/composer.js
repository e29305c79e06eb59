/** Where one writes: reply or note, text and files, kept through anything until the server has it. */

import { Draft } from "../lib/drafts.js";
import { onLeave } from "../lib/gate.js";
import { page } from "../lib/page.js";
import { number, t } from "../lib/words.js";
import { drawComposer, fit } from "./composer-frame.js";
import { ComposerGate } from "./composer-gate.js";
import { UploadTray } from "./upload-tray.js";
import { say } from "./voice.js";

const COUNT_FROM = 0.9;
const touch = () => globalThis.matchMedia("(pointer: coarse)").matches;

/** Events: `ready` (for a ticket), `send` (detail: `{content, attachments, internal, after, seen, resolve}`), `after` (detail: the same), `edited` (detail: `reply` or `note`), `typed`, `quiet`, `reopen`. */
export class ChatComposer extends HTMLElement {
  /** What suggests replies to an agent (parts/suggestion.js puts itself here); customers need not load it. */
  static Suggestion = null;

  /** What may hold a reply (parts/stale-guard.js), or null. */
  guard = null;
  #shown = () => null;
  #drafts = null;
  #draftOf = null;
  #kind = "reply";
  /** How to send when the files are there, or false. */
  #waiting = false;
  #after = null;
  #leave = null;

  connectedCallback() {
    this.#leave = new AbortController();
    onLeave(() => this.save(), { signal: this.#leave.signal });
    document.addEventListener("signing-out", () => this.save(), { signal: this.#leave.signal });
  }

  disconnectedCallback() {
    this.save();
    this.#leave.abort();
  }

  /** Makes the composer ready for one ticket; what was typed for another is kept there. `shown` tells the last number that is. */
  use({ ticketId, me, storage, shown }) {
    this.save();
    this.#shown = shown;
    this.guard = null;
    this.#draftOf = (id, kind) => new Draft(storage, me, id, { kind });
    this.#drafts = { reply: this.#draftOf(ticketId, "reply"), note: this.#draftOf(ticketId, "note") };
    this.tray = new UploadTray({ url: `/tickets/${ticketId}/attachments`, limits: page.options.attachments });
    this.tray.addEventListener("change", () => this.#trayChanged());
    this.tray.addEventListener("removed", () => this.focus());
    const isAgent = me.kind === "agent";
    this.suggestion = isAgent && ChatComposer.Suggestion ? new ChatComposer.Suggestion({ ticketId, use: (words) => this.#add(words) }) : null;
    this.gate = new ComposerGate({ reopen: () => this.#say("reopen"), leave: (id) => this.#carryTo(id) });
    Object.assign(this, drawComposer({ tray: this.tray.element, notes: isAgent, suggestion: this.suggestion, gate: this.gate.element }));
    this.replaceChildren(this.form);
    this.#listen();
    this.#pick("reply");
    this.after = null;
    this.#say("ready");
  }

  get isNote() {
    return this.#kind === "note";
  }

  /** What the next message does besides (`{status, priority, assign}`), or null. */
  get after() {
    return this.#after;
  }

  set after(after) {
    this.#after = after;
    this.#say("after", after);
  }

  submit() {
    this.#send();
  }

  focus() {
    this.text?.focus();
  }

  /** By kind; another device may have changed one: see `refresh`. */
  get drafts() {
    return this.#drafts;
  }

  /** Shows a draft as it stands now. */
  refresh(kind) {
    if (kind !== this.#kind || this.text.value === this.#drafts[kind].text) return;
    this.text.value = this.#drafts[kind].text;
    this.#measure();
  }

  /** The draft of the reply, also while a note is written. */
  get reply() {
    return this.#drafts.reply;
  }

  /** What is written here goes on in another ticket, behind what is written there. Files stay: they belong to this one. */
  #carryTo(ticketId) {
    for (const [kind, draft] of Object.entries(this.#drafts)) {
      if (!draft.text.trim()) continue;
      const there = this.#draftOf(ticketId, kind);
      there.change([there.text, draft.text].filter(Boolean).join("\n\n"));
      there.flush();
      draft.clear();
      this.refresh(kind);
      this.#say("edited", kind);
    }
  }

  /** Puts a refused message back, before whatever has been typed since. */
  restore({ content, attachments, internal, seen }) {
    this.#pick(internal ? "note" : "reply");
    this.text.value = [content, this.text.value].filter(Boolean).join("\n");
    this.tray.restore(attachments);
    this.#typed();
    this.#drafts[this.#kind].begunAt(seen);
  }

  /** Puts words behind what is written, which stays as it is. */
  #add(words) {
    this.text.value = [this.text.value.trimEnd(), words].filter(Boolean).join("\n\n");
    this.#typed();
    this.focus();
    this.text.setSelectionRange(this.text.value.length, this.text.value.length);
    this.text.scrollTop = this.text.scrollHeight;
  }

  attach(files) {
    if (files.length) this.tray.add(files);
    this.focus();
  }

  /** `reply` or `note`. */
  switchTo(kind) {
    if (kind !== "note" || this.modes) this.#pick(kind);
    this.focus();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.form.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("input", () => this.#typed());
    this.text.addEventListener("blur", () => this.#say("quiet"));
    this.text.addEventListener("paste", (event) => this.#paste(event));
    this.picker.addEventListener("change", () => {
      this.attach([...this.picker.files]);
      this.picker.value = "";
    });
    this.modes?.addEventListener("change", (event) => this.#pick(event.target.value));
    this.resolve?.addEventListener("click", () => this.#send({ resolve: true }));
  }

  #key(event) {
    if (event.altKey && event.code === "KeyN" && this.modes) {
      event.preventDefault();
      return this.switchTo(this.#kind === "note" ? "reply" : "note");
    }
    if (event.key === "Escape" && this.guard?.release()) return event.preventDefault();
    // 229 is what some systems report for Enter while a word is still being composed.
    if (event.target !== this.text || event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    const sure = event.ctrlKey || event.metaKey;
    const resolve = event.shiftKey && sure && Boolean(this.resolve);
    if ((event.shiftKey && !resolve) || (touch() && !sure)) return;
    event.preventDefault();
    // A key that is held down too long has not decided to send what was held.
    if (!event.repeat) this.#send({ resolve });
  }

  #paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  #pick(kind) {
    if (this.text.value && kind !== this.#kind) this.#drafts[this.#kind].change(this.text.value, this.#shown());
    const carried = this.#drafts[kind].text;
    this.#kind = kind;
    this.text.value = carried;
    this.toggleAttribute("data-note", kind === "note");
    const words = kind === "note" ? t("Write a note that only agents see") : t("Write a message");
    this.text.placeholder = words;
    this.text.setAttribute("aria-label", words);
    const radio = this.modes?.querySelector(`[value="${kind}"]`);
    if (radio) radio.checked = true;
    this.#offerSuggestions(kind);
    if (this.resolve) this.resolve.hidden = kind === "note";
    this.sendWords.textContent = kind === "note" ? t("Add note") : t("Send");
    this.#say("quiet");
    this.#measure();
  }

  /** The assistant answers customers; notes are among agents. */
  #offerSuggestions(kind) {
    if (!this.suggestion) return;
    this.suggestion.button.hidden = kind === "note";
    if (kind === "note") this.suggestion.dismiss();
  }

  #typed() {
    this.#drafts[this.#kind].change(this.text.value, this.#shown());
    this.#waiting = false;
    this.#measure();
    this.#say("edited", this.#kind);
    if (this.#kind === "reply" && this.text.value.trim()) this.#say("typed");
  }

  #measure() {
    const most = page.options.message_max_chars;
    const used = [...this.text.value].length;
    const [isNear, isOver] = [used >= most * COUNT_FROM, used > most];
    const words = isNear ? t("{used} of {most}", { used: number(used), most: number(most) }) : "";
    // Said when the end comes near and when it is passed: to say it at each letter would drown what is typed.
    if ((isNear && this.count.hidden) || (isOver && !this.count.hasAttribute("data-over"))) say(words);
    this.count.hidden = !isNear;
    this.count.textContent = words;
    this.count.toggleAttribute("data-over", isOver);
    fit(this.text);
    this.#explain();
  }

  #trayChanged() {
    if (this.#waiting && !this.tray.busy && !this.tray.broken) this.#send(this.#waiting);
    else if (this.tray.broken) this.#waiting = false;
    this.#explain();
  }

  #explain() {
    this.hint.textContent = this.#waiting ? t("Sending as soon as the files are there…") : "";
    this.button.toggleAttribute("data-waiting", Boolean(this.#waiting));
    this.button.setAttribute("aria-disabled", String(!this.#hasSomething || this.#isTooLong));
  }

  get #hasSomething() {
    return Boolean(this.text.value.trim() || this.tray.stored.length || this.tray.busy);
  }

  get #isTooLong() {
    return [...this.text.value].length > page.options.message_max_chars;
  }

  /** Takes what is written off the field at once, so that the next thing can be typed; the room keeps it safe from here. */
  #send({ resolve = false } = {}) {
    if (!this.#hasSomething || this.#isTooLong || this.gate.isShut) return;
    const internal = this.#kind === "note";
    if (!internal && this.guard?.holds()) return this.focus();
    this.#waiting = this.tray.busy && { resolve };
    if (this.#waiting) return this.#explain();
    const seen = internal || !this.guard ? undefined : (this.reply.after ?? this.#shown() ?? undefined);
    this.#say("send", { content: this.text.value.trim(), attachments: this.tray.stored, internal, after: this.#after, seen, resolve: resolve && !internal });
    this.after = null;
    this.text.value = "";
    this.#drafts[this.#kind].clear();
    this.tray.clear();
    this.#measure();
    this.focus();
  }

  /** Writes to this device what it does not hold yet. */
  save() {
    if (!this.#drafts) return;
    Object.values(this.#drafts).forEach((draft) => draft.flush());
  }

  #say(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("chat-composer", ChatComposer);
