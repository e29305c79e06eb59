/** One ticket's conversation, ready to be put on any page: `<ticket-room ticket-id="12">`; another id switches cleanly. */

import { h } from "../lib/dom.js";
import { onLeave, onReturn } from "../lib/gate.js";
import { get, mayAskAgain, post, put, renew } from "../lib/http.js";
import { barOf, barOfRefusal } from "../lib/merged.js";
import { Outbox, storageOf } from "../lib/outbox.js";
import { page } from "../lib/page.js";
import { Room } from "../lib/room.js";
import { firstUnread } from "../lib/thread-layout.js";
import { t } from "../lib/words.js";
import "./composer.js";
import "./connection.js";
import { FileDrop } from "./file-drop.js";
import { OVERDUE } from "./message.js";
import { peopleLine } from "./people-line.js";
import { RoomAssistant } from "./room-assistant.js";
import { keepDrafts } from "./room-drafts.js";
import "./thread.js";
import { say } from "./voice.js";

const SKELETON_AFTER_MS = 200;

/** Events (bubbling): `ticket` (detail: the ticket), `presence` (detail: persons), `connection` (detail: `{connection, code}`), `spoken`, `drafted`, `heard` (detail: a message of the other side that has just come), `replied` (detail: what was sent), `resolve` (a message is delivered that was meant to be the last), `assistant` (detail: what is known of it, or null), `complaint` (detail: why something failed). */
export class TicketRoom extends HTMLElement {
  static observedAttributes = ["ticket-id"];
  #room = null;
  #assistant = null;
  #guard = null;
  #leave = null;
  #newFrom = null;
  #skeleton = null;
  #opening = null;
  #last = null;

  get ticket() {
    return this.#room?.ticket ?? null;
  }

  /** How many lines this reader may see; the page need not hold all of them. */
  get lines() {
    return this.#room?.lastSeq ?? 0;
  }

  /** The person who wrote the last message, or null while only the system has. */
  get lastSpeaker() {
    return this.#room?.thread.entries().findLast(({ message }) => message.sender.kind !== "system" && !message.internal)?.message.sender ?? null;
  }

  /** What stands above the first message; the page fills it. */
  get intro() {
    return this.thread.intro;
  }

  /** What stands below the last message; the page fills it. */
  get outro() {
    return this.thread.outro;
  }

  get online() {
    return this.#room?.online ?? [];
  }

  connectedCallback() {
    if (!this.thread) this.#build();
    this.#enter();
  }

  disconnectedCallback() {
    this.#exit();
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after || !this.thread || !this.isConnected) return;
    this.#exit();
    this.#enter();
  }

  /** Takes a ticket that an answer to the page's own request brought. */
  took(ticket) {
    this.#room?.took(ticket);
  }

  focusComposer(kind) {
    if (kind) this.composer.switchTo(kind);
    this.composer.focus();
  }

  #build() {
    this.thread = document.createElement("ticket-thread");
    this.composer = document.createElement("chat-composer");
    this.pill = document.createElement("connection-pill");
    this.people = h("p", { class: "room-people", "aria-live": "off" });
    this.alarm = h("p", { class: "visually-hidden", role: "alert" });
    this.drop = new FileDrop(this, (files) => this.composer.attach(files));
    this.line = h("div", { class: "room-line" }, this.people);
    this.append(this.pill, this.thread, h("div", { class: "room-foot" }, this.line, this.composer), this.alarm, this.drop.element);
  }

  #enter() {
    const ticketId = Number(this.getAttribute("ticket-id"));
    if (!ticketId || !page.me) return;
    const storage = storageOf(globalThis);
    const { me } = page;
    this.#leave = new AbortController();
    this.#newFrom = undefined;
    this.#room = new Room({
      ticketId,
      me: { kind: me.kind, id: me.id, name: me.name },
      as: me.kind,
      api: { get, post },
      base: location.href,
      outbox: new Outbox(storage, me, ticketId),
      renew: () => renew().then(() => true),
    });
    this.#assistant = this.#assistantOf(this.#room, me);
    this.line.append(this.#assistant.element);
    this.#tell("assistant");
    this.thread.reset();
    this.pill.start();
    this.people.replaceChildren();
    this.composer.use({ ticketId, me, storage, shown: () => this.#room?.thread.contiguous ?? null });
    this.#guard = this.#guardOf(this.#room, me);
    const drafted = () => this.#tell("drafted");
    keepDrafts({ room: this.#room, composer: this.composer, changed: () => (this.#guard?.opened(), drafted()), kept: drafted, signal: this.#leave.signal });
    this.#listen(this.#room, this.#leave.signal);
    this.#skeleton = setTimeout(() => this.thread.wait(), SKELETON_AFTER_MS);
    this.#opening = setTimeout(() => this.#room?.open()); // Not at once: whoever listens to this may not be there yet.
  }

  #exit() {
    for (const timer of [this.#opening, this.#skeleton]) clearTimeout(timer);
    this.#leave?.abort();
    this.composer.save();
    this.#tell("drafted");
    this.#room?.close();
    this.#assistant?.close();
    this.#room = null;
    this.#assistant = null;
    this.#guard = null;
  }

  /** Only the desk has one: see parts/stale-guard.js. */
  #guardOf(room, me) {
    const Guard = customElements.get("stale-guard");
    if (!Guard || me.kind !== "agent") return null;
    const guard = (this.composer.guard = new Guard());
    guard.watch({ room, composer: this.composer, reveal: (seq, scrolls) => this.#reveal(room, seq, scrolls) });
    return guard;
  }

  #reveal(room, seq, scrolls) {
    this.#newFrom = scrolls ? seq : Math.min(seq, this.#newFrom ?? seq);
    this.#draw(room);
    if (scrolls) queueMicrotask(() => this.thread.toNews());
  }

  #listen(room, signal) {
    const on = (source, name, act) => source.addEventListener(name, (event) => act(event.detail), { signal });
    on(room, "opened", () => this.#opened(room));
    on(room, "change", () => (this.#draw(room), this.#guard?.look()));
    on(room, "trouble", (problem) => problem && this.#trouble(problem));
    on(room, "ticket", (ticket) => this.#ticket(ticket));
    on(room, "people", () => this.#people(room));
    on(room, "connection", (detail) => this.#connection(detail));
    on(room, "delivered", (clientId) => clientId === this.#last && this.#tell("resolve"));
    on(room, "heard", (message) => this.#tell("heard", message));
    on(room, "overdue", () => say(t(OVERDUE)));
    // Also of a ticket that has been left: what was not sent there must not go by unheard.
    room.addEventListener("refused", ({ detail }) => this.#refused(room, detail));
    on(this.thread, "older", () => this.#older(room));
    on(this.thread, "seen", (seq) => room.markRead(seq));
    on(this.thread, "retry", ({ clientId }) => (mayAskAgain(), room.delivery.retry(clientId)));
    on(this.thread, "discard", ({ clientId }) => room.delivery.discard(clientId));
    on(this.thread, "say", (words) => this.#assistant.say(words));
    on(this.thread, "judge", (verdict) => this.#assistant.judge(verdict));
    on(this.composer, "send", (message) => this.#send(room, message));
    on(this.composer, "typed", () => room.voice.typed());
    on(this.composer, "quiet", () => room.voice.stopped());
    on(this.composer, "reopen", () => this.#reopen(room));
    on(this.pill, "retry", () => (mayAskAgain(), room.wake()));
    on(document, "session-renewed", () => room.renewed());
    const isSeen = () => document.visibilityState === "visible";
    room.gaze.turn(isSeen());
    onReturn(() => (room.wake(), room.gaze.turn(isSeen())), { signal });
    onLeave(() => room.gaze.turn(false), { signal });
  }

  #send(room, message) {
    mayAskAgain();
    room.voice.stopped();
    const clientId = room.delivery.send(message);
    if (message.resolve) this.#last = clientId;
    this.#tell("replied", message);
  }

  #assistantOf(room, me) {
    return new RoomAssistant({
      room,
      me,
      say: (message) => this.#sayQuickly(message),
      changed: () => this.#assisted(),
      complain: (why) => this.#tell("complaint", why),
    });
  }

  // The buttons go with what they say, so whoever used one by keyboard goes on with the conversation.
  #sayQuickly(message) {
    this.#send(this.#room, message);
    this.thread.scroller.focus({ preventScroll: true });
  }

  #assisted() {
    this.#draw(this.#room);
    this.#tell("assistant", this.#assistant.talk.known);
  }

  /** The "New" line is fixed now and stays until the room is entered again. */
  #opened(room) {
    clearTimeout(this.#skeleton);
    const theirs = ({ sender }) => sender.kind !== page.me.kind && sender.kind !== "system";
    // To an agent who was never here everything is new, and a line above everything says nothing.
    const isStranger = room.ownRead === null && page.me.kind === "agent";
    this.#newFrom = isStranger ? null : firstUnread(room.thread.entries(), room.ownRead ?? 0, theirs, room.ticket.unread);
    this.#guard?.opened();
  }

  // Drawn once more when the page is there: it may be so short that the reader wants the next one already.
  #older(room) {
    room.history.older().then(
      () => this.#draw(room),
      () => {},
    );
  }

  #draw(room) {
    if (!room.loaded) return;
    this.#tell("spoken");
    const { history, seenTo } = room;
    this.thread.show({ entries: room.entries(), me: page.me, seenTo, newFrom: this.#newFrom ?? null, complete: history.complete, assistant: this.#assistant.view(), merged: room.ticket?.merged_from });
  }

  #trouble(problem) {
    clearTimeout(this.#skeleton);
    this.thread.fail(problem.detail ?? t("The conversation could not be loaded."), () => this.#room?.wake());
  }

  #ticket(ticket) {
    const bar = barOf(ticket, page.me.kind);
    // Why an agent's answer to a closed ticket was refused stays said for as long as it holds.
    if (bar || ticket.status !== "closed") this.composer.gate.show(bar);
    this.#tell("ticket", ticket);
  }

  #people(room) {
    peopleLine(this.people, { me: page.me, online: room.online, typing: room.typing.people });
    this.#tell("presence", room.online);
  }

  #connection(detail) {
    this.pill.state = detail.connection;
    this.#tell("connection", detail);
  }

  #refused(room, { entry, problem }) {
    const why = problem.detail;
    if (room !== this.#room) return this.#tell("complaint", t("{number}: your message was not sent. {why}", { number: room.ticket?.ticket_no ?? "", why }));
    if (problem.code === "stale_reply" && this.#guard) return this.#held(room, { entry, problem });
    const bar = barOfRefusal(problem);
    this.alarm.textContent = t("Your message was not sent. {why}", { why: bar?.words ?? why });
    if (!bar && !entry.after) return;
    room.delivery.discard(entry.client_id);
    this.composer.restore(entry);
    if (bar) this.composer.gate.show(bar);
    else this.#tell("complaint", t("Nothing was sent and nothing done. {why}", { why }));
  }

  /** Back into the field, as it was; a frame has its members at hand, an answer by HTTP in its body. */
  #held(room, { entry, problem }) {
    room.delivery.discard(entry.client_id);
    this.composer.restore(entry);
    this.composer.after = entry.after;
    this.#guard.refused((problem.body ?? problem).last_seq);
  }

  async #reopen(room) {
    try {
      room.took(await put(`${room.path}/status`, { status: "open" }));
      this.focusComposer();
    } catch (problem) {
      this.composer.gate.show(barOfRefusal(problem) ?? { words: problem.detail });
    }
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.define("ticket-room", TicketRoom);
