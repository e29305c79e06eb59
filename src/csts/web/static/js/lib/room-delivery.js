/** Bringing a message to the server exactly once, over whatever line there is, for as long as it takes. */

const ACKNOWLEDGED_WITHIN_MS = 8000;
const OVERDUE_AFTER_MS = 20_000;
/** Who pressed Send so recently has meant it, whatever the line did since; what has waited longer is held like any other. */
const MEANT_FOR_MS = 120_000;

const AGAIN_AFTER_MS = 2000;
const AGAIN_WITHIN_MS = 4000;
/** Answers that mean "not now"; a frame has a code only, and an answer to a request may come from a proxy, without one. */
const NOT_NOW = new Set(["cannot_save", "database_busy", "internal_error", "too_many_requests"]);

/** A refusal for good, as against "not now": the same message would be refused again. */
const isFinal = ({ status = 400, code }) => !NOT_NOW.has(code) && status >= 400 && status < 500 && ![401, 408, 429].includes(status);

export class Delivery {
  #room;
  #outbox;
  #send;
  #timers = new Map();
  #posting = Promise.resolve();
  #posted = new Set();
  #meant = new Set();
  #closed = false;

  constructor({ room, outbox, send }) {
    this.#room = room;
    this.#outbox = outbox;
    this.#send = send;
  }

  /**
   * Shows and sends; the text is on the device until the server has it, and with it what shall be done `after` it, and the last number
   * that its author had `seen` when he began. Gives the id by which `delivered` names it.
   */
  send({ content, attachments = [], internal = false, after = null, seen }) {
    const entry = { client_id: crypto.randomUUID(), content, attachments, internal, after, seen, timestamp: new Date().toISOString() };
    this.#outbox.put(entry);
    this.#show(entry);
    this.#carry(entry);
    return entry.client_id;
  }

  /** What an earlier life of this tab left behind is shown again; it goes out when the room is ready. */
  restore() {
    for (const entry of this.#outbox.all()) {
      this.#show(entry);
      if (entry.refused) this.#room.thread.fail(entry.client_id, entry.refused);
    }
  }

  /** The line is back: what waits was sent before it went. */
  flush() {
    for (const entry of this.#outbox.all().filter(({ refused }) => !refused)) {
      this.#meant.add(entry.client_id);
      this.#carry(entry);
    }
  }

  retry(clientId) {
    const entry = this.#outbox.all().find((held) => held.client_id === clientId);
    if (!entry) return;
    const { refused, ...fresh } = entry;
    this.#meant.delete(clientId);
    this.#outbox.put(fresh);
    this.#show(fresh);
    this.#carry(fresh);
    if (!refused) this.#room.wake();
  }

  discard(clientId) {
    this.#forget(clientId);
    this.#room.thread.discard(clientId);
    this.#room.changed();
  }

  acknowledged(message) {
    if (!message.client_id) return;
    this.#forget(message.client_id);
    this.#room.dispatchEvent(new CustomEvent("delivered", { detail: message.client_id }));
  }

  /** The server said no. `problem` is `{code, detail}`. */
  refused(clientId, problem) {
    const entry = this.#outbox.all().find((held) => held.client_id === clientId);
    if (!entry) return;
    if (!isFinal(problem)) return this.#again(entry);
    this.#stopWaiting(clientId);
    this.#outbox.refuse(clientId, problem.detail);
    this.#room.thread.fail(clientId, problem.detail);
    this.#room.changed();
    this.#room.dispatchEvent(new CustomEvent("refused", { detail: { entry, problem } }));
  }

  close() {
    this.#closed = true;
    [...this.#timers.keys()].forEach((clientId) => this.#stopWaiting(clientId));
  }

  #show(entry) {
    this.#room.thread.addPending(entry);
    this.#room.changed();
    this.#later(`${entry.client_id} overdue`, OVERDUE_AFTER_MS, () => {
      if (!this.#room.thread.overdue(entry.client_id)) return;
      this.#room.changed();
      this.#room.dispatchEvent(new CustomEvent("overdue"));
    });
  }

  #carry(entry) {
    if (entry.after) this.#post(entry);
    else if (this.#send(this.#frameOf(entry))) {
      this.#later(entry.client_id, ACKNOWLEDGED_WITHIN_MS, () => this.#tryPost(entry));
    } else if (this.#room.connection === "slow") {
      this.#post(entry);
    }
  }

  /** No acknowledgement came: the line may be dead without knowing. */
  #tryPost(entry) {
    this.#room.wake();
    this.#post(entry);
  }

  /** Not now, said the server: it is asked again, but not by all at the same moment. */
  #again(entry) {
    if (this.#closed) return;
    this.#later(entry.client_id, AGAIN_AFTER_MS + Math.random() * AGAIN_WITHIN_MS, () => this.#carry(entry));
  }

  // One after the other, so that what was written first arrives first; each stands in the line once.
  #post(entry) {
    if (this.#posted.has(entry.client_id)) return;
    this.#posted.add(entry.client_id);
    this.#posting = this.#posting.then(() => this.#postNow(entry)).finally(() => this.#posted.delete(entry.client_id));
  }

  async #postNow(entry) {
    const waiting = this.#outbox.all().some((held) => held.client_id === entry.client_id && !held.refused);
    if (this.#closed || !waiting) return;
    try {
      this.#room.received(await this.#said(entry));
    } catch (problem) {
      this.refused(entry.client_id, problem);
    }
  }

  /** Answers with the stored message; what goes with it is done in the same step, or neither is. */
  async #said(entry) {
    const { api, path } = this.#room;
    const { type, ...message } = this.#frameOf(entry);
    if (!entry.after) return api.post(`${path}/messages`, message);
    const answered = await api.post(`${path}/answer`, { ...entry.after, message });
    this.#room.took(answered.ticket);
    return answered.message;
  }

  #frameOf(entry) {
    const isMeant = this.#meant.has(entry.client_id) && Date.now() - Date.parse(entry.timestamp) < MEANT_FOR_MS;
    return frameOf(isMeant ? { ...entry, seen: undefined } : entry);
  }

  #forget(clientId) {
    this.#meant.delete(clientId);
    this.#stopWaiting(clientId);
    this.#outbox.settle(clientId);
  }

  #later(key, delay, act) {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(act, delay));
  }

  #stopWaiting(clientId) {
    for (const key of [clientId, `${clientId} overdue`]) {
      clearTimeout(this.#timers.get(key));
      this.#timers.delete(key);
    }
  }
}

function frameOf({ client_id: clientId, content, attachments, internal, seen }) {
  const frame = { type: "message", client_id: clientId, content, attachment_ids: attachments.map(({ id }) => id) };
  return { ...frame, ...(internal && { internal }), ...(seen !== undefined && { after: seen }) };
}
