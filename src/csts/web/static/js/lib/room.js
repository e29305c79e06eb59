/** One ticket's room as this reader has it: thread, people, read marks and the way to the server; it knows no page. */

import { isFresh } from "./fresh.js";
import { Gaze } from "./gaze.js";
import { HalfSaid } from "./half-said.js";
import { Delivery } from "./room-delivery.js";
import { History } from "./room-history.js";
import { LiveSocket, retryDelay } from "./socket.js";
import { Thread } from "./thread.js";
import { TypingEar, TypingVoice } from "./typing.js";

const READY_WITHIN_MS = 1500;
const POLL_AFTER_FAILURES = 2;
const POLL_EVERY_MS = 3000;

const ASSISTANT = { kind: "assistant", id: 0 };

const isBy = ({ sender }, person) => sender.kind === person.kind && sender.id === person.id;

/**
 * Events: `change` (the thread), `ticket` (detail: the ticket), `people` (presence, typing or read marks), `connection`
 * (detail: online, reconnecting, slow or stopped), `refused` (detail: `{entry, problem}`), `delivered` (detail: a client id), `heard` (detail: a message of the other side that has just come), `overdue`, `opened`, `trouble` (detail: a Problem or null), `own-draft` (detail: a draft as one of the devices has saved it).
 * `api` is `{get, post}`; both reject with `{status, code, detail}`.
 */
export class Room extends EventTarget {
  ticket = null;
  online = [];
  connection = "connecting";
  loaded = false;
  /** The number of the last line that this reader may see, as far as the server has told. */
  lastSeq = 0;
  #me;
  #ticketId;
  #loading = null;
  #socket;
  #timers = {};
  #reads = new Map();
  #readSent = 0;
  /** Whether something is unread that was read before: its reader has set it back. Known at the first `ready`. */
  #isSetBack = null;
  #open = true;
  #polling = false;
  #answered = false;
  #unanswered = 0;

  constructor({ ticketId, me, as, api, outbox, base, renew, Socket }) {
    super();
    this.#me = me;
    this.#ticketId = ticketId;
    this.api = api;
    this.path = `/tickets/${ticketId}`;
    this.thread = new Thread(me);
    this.typing = new TypingEar(() => this.#say("people"));
    this.halfSaid = new HalfSaid(() => this.#say("change"));
    this.#socket = new LiveSocket({ path: `/ws${this.path}`, base, as, renew, Socket, after: () => this.#after() });
    this.history = new History({ api, path: this.path, thread: this.thread, changed: () => this.changed() });
    this.delivery = new Delivery({ room: this, outbox, send: (frame) => this.#socket.send(frame) });
    this.voice = new TypingVoice((typing) => this.#socket.send({ type: "typing", typing }));
    this.gaze = new Gaze((looking) => as === "agent" && this.#socket.send({ type: "looking", looking }));
    this.#socket.addEventListener("frame", (event) => this.#take(event.detail));
    this.#socket.addEventListener("state", (event) => this.#line(event.detail));
  }

  /** Connects and reads the newest page at the same time; the screen is drawn once, when both are there. */
  async open() {
    this.delivery.restore();
    const ready = new Promise((resolve) => {
      this.addEventListener("ticket", resolve, { once: true });
      this.#timers.ready = setTimeout(resolve, READY_WITHIN_MS);
    });
    this.#socket.open();
    await this.#load(ready);
  }

  close() {
    this.#open = false;
    this.voice.stopped();
    Object.values(this.#timers).forEach((timer) => clearTimeout(timer));
    this.typing.forget();
    this.halfSaid.pause();
    this.delivery.close();
    this.#socket.close();
  }

  /** The reader is back, or asks for another try. */
  wake() {
    this.#socket.wake();
    if (!this.loaded && this.#open) this.#load();
  }

  /** The session was renewed: the line moves to it before the old one ends. */
  renewed() {
    this.#socket.replace();
  }

  get live() {
    return this.connection === "online";
  }

  /** What is shown, in this order: what is stored, what the assistant is just saying, what is on its way. */
  entries() {
    const held = this.thread.entries();
    const stored = held.length - this.thread.pending.length;
    return [...held.slice(0, stored), ...this.halfSaid.beside(held), ...held.slice(stored)];
  }

  /** The last number that this reader has read, as the server knows it. */
  get ownRead() {
    return this.#reads.get(`${this.#me.kind}-${this.#me.id}`)?.seq ?? null;
  }

  /** The last number that somebody on the other side has read. */
  get seenTo() {
    const others = [...this.#reads.values()].filter(({ sender }) => sender.kind !== this.#me.kind);
    return Math.max(0, ...others.map(({ seq }) => seq));
  }

  markRead(seq) {
    const known = this.#isSetBack ? 0 : (this.ownRead ?? 0);
    if (seq === null || seq <= Math.max(this.#readSent, known)) return;
    if (!this.#socket.send({ type: "read", seq })) return;
    this.#readSent = seq;
    this.#isSetBack = false;
  }

  /** What came by HTTP is the same as what comes as a frame. */
  received(message) {
    this.#take({ type: "message", ...message });
  }

  took(ticket) {
    this.#takeTicket(ticket);
  }

  /** The thread goes up to here, as a refusal has told: what is missing is asked for. */
  reaches(seq) {
    this.lastSeq = Math.max(this.lastSeq, seq);
    this.changed();
  }

  #after() {
    return this.loaded ? this.thread.contiguous : null;
  }

  /** Reads the first page; once at a time, again after a failure whenever the line or the reader comes back. */
  #load(ready = Promise.resolve()) {
    this.#loading ??= this.#loadNow(ready).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #loadNow(ready) {
    try {
      await Promise.all([this.history.newest(), ready]);
      if (!this.ticket) await this.#askTicket();
    } catch (problem) {
      this.#say("trouble", problem);
      return;
    }
    this.thread.news();
    this.loaded = true;
    this.#say("trouble", null);
    this.#say("opened");
    this.changed();
  }

  async #askTicket() {
    this.#takeTicket(await this.api.get(`/ticket/${this.#ticketId}`));
  }

  #take(frame) {
    if (frame.type === "message") this.#takeMessage(frame);
    else if (frame.type === "ready") this.#ready(frame);
    else if (frame.type === "ticket") this.#takeTicket(frame.ticket);
    else if (frame.type === "presence") this.#present(frame.online);
    else if (frame.type === "typing") this.typing.hear(frame.sender, frame.typing);
    else if (frame.type === "draft") this.#draft(frame);
    else if (frame.type === "read") this.#read(frame);
    else if (frame.type === "own_draft" && frame.draft.ticket_id === this.#ticketId) this.#say("own-draft", frame.draft);
    else if (frame.type === "error" && frame.client_id) this.delivery.refused(frame.client_id, frame);
  }

  #takeMessage(message) {
    this.typing.hear(message.sender, false);
    if (isBy(message, this.#me)) this.delivery.acknowledged(message);
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    if (this.halfSaid.heed(message)) this.typing.hear(ASSISTANT, false);
    if (this.thread.add(message)) this.changed();
  }

  #draft(frame) {
    if (this.ticket?.agent) return;
    this.typing.hear(frame.sender, true);
    this.halfSaid.hear(frame);
  }

  #ready({ ticket, last_seq: lastSeq, online, read }) {
    this.lastSeq = Math.max(this.lastSeq, lastSeq);
    read.forEach((mark) => this.#mark(mark));
    this.#isSetBack ??= ticket.unread > 0;
    this.#readSent = 0;
    this.gaze.again();
    this.#present(online);
    this.#takeTicket(ticket);
    this.delivery.flush();
    // What was drawn before the line was there has been read, and could not be told.
    if (this.loaded) this.#say("change");
    else this.#load();
  }

  #takeTicket(ticket) {
    // What was done to the last one in view may be answered now.
    if (ticket.id !== this.#ticketId || !isFresh(this.ticket, ticket)) return;
    this.ticket = ticket;
    if (ticket.agent || ticket.merged_into) this.halfSaid.end();
    this.lastSeq = Math.max(this.lastSeq, ticket.last_seq ?? 0);
    this.#say("ticket", ticket);
    this.changed();
  }

  #present(online) {
    this.online = online;
    this.#say("people");
  }

  #read(mark) {
    this.#mark(mark);
    this.#say("people");
    this.#say("change");
  }

  #mark({ sender, seq }) {
    const key = `${sender.kind}-${sender.id}`;
    if ((this.#reads.get(key)?.seq ?? 0) < seq) this.#reads.set(key, { sender, seq });
  }

  // Frames of one burst may overtake each other, so a hole gets a moment to close before it is asked for.
  /** Draw it anew; a gap is asked for soon. */
  changed() {
    this.#say("change");
    if (this.loaded) for (const message of this.thread.news()) this.#say("heard", message);
    if (!this.loaded || !this.thread.gaps(this.lastSeq).length) return;
    clearTimeout(this.#timers.gaps);
    this.#timers.gaps = setTimeout(() => this.history.mend(this.lastSeq), 400);
  }

  #line({ state, code }) {
    if (state === "online") this.#connect("online");
    else if (state === "stopped") this.#connect("stopped", code);
    else if (this.connection === "online") this.#connect("reconnecting");
    if (state !== "offline") return;
    this.typing.forget();
    if (!this.#polling && this.#socket.failures >= POLL_AFTER_FAILURES) this.#poll();
  }

  #connect(connection, code = null) {
    if (connection === this.connection) return;
    if (connection === "online" || connection === "stopped") this.#stopPolling();
    this.connection = connection;
    this.#say("connection", { connection, code });
  }

  #stopPolling() {
    clearTimeout(this.#timers.poll);
    this.#polling = false;
    this.#answered = false;
  }

  /**
   * The way without sockets: when HTTP answers where they fail, the talk goes on by asking. The first answer may only mean
   * that the server is back, so a socket is tried once more before sockets are called blocked.
   */
  async #poll() {
    this.#polling = true;
    const worked = await this.#ask();
    if (!this.#open || !this.#polling) return;
    if (worked && !this.#answered) this.#socket.wake();
    else this.#connect(worked ? "slow" : "reconnecting");
    this.#answered = worked;
    this.#unanswered = worked ? 0 : this.#unanswered + 1;
    if (this.connection === "slow") this.delivery.flush();
    this.#timers.poll = setTimeout(() => this.#poll(), POLL_EVERY_MS + retryDelay(this.#unanswered));
  }

  async #ask() {
    try {
      if (this.loaded) await this.history.since(this.thread.contiguous);
      else await this.#load();
      await this.#askTicket();
      return true;
    } catch {
      return false;
    }
  }

  #say(name, detail = null) {
    if (this.#open) this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
