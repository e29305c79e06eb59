/** Bringing a message to the server exactly once, over whatever line there is, for as long as it takes. */

const ACKNOWLEDGED_WITHIN_MS = 8000;
const OVERDUE_AFTER_MS = 20_000;

const AGAIN_AFTER_MS = 2000;
const AGAIN_WITHIN_MS = 4000;
/** Answers that mean "not now"; a frame has a code only, and an answer to a request may come from a proxy, without one. */
const NOT_NOW = new Set(["database_busy", "internal_error", "too_many_requests"]);

/** A refusal for good, as against "not now": the same message would be refused again. */
const isFinal = ({ status = 400, code }) => !NOT_NOW.has(code) && status >= 400 && status < 500 && ![401, 408, 429].includes(status);

export class Delivery {
  #room;
  #outbox;
  #send;
  #timers = new Map();
  #posting = Promise.resolve();
  #posted = new Set();
  #closed = false;

  constructor({ room, outbox, send }) {
    this.#room = room;
    this.#outbox = outbox;
    this.#send = send;
  }

  /** Shows and sends; the text is on the device until the server has it, and with it what shall be done `after` it. Gives the id by which `delivered` names it. */
  send({ content, attachments = [], internal = false, after = null }) {
    const entry = { client_id: crypto.randomUUID(), content, attachments, internal, after, timestamp: new Date().toISOString() };
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

  flush() {
    this.#outbox.all().filter((entry) => !entry.refused).forEach((entry) => this.#carry(entry));
  }

  retry(clientId) {
    const entry = this.#outbox.all().find((held) => held.client_id === clientId);
    if (!entry) return;
    const { refused, ...fresh } = entry;
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
      if (this.#room.thread.overdue(entry.client_id)) this.#room.changed();
    });
  }

  #carry(entry) {
    if (entry.after) this.#post(entry);
    else if (this.#send(frameOf(entry))) {
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
    const { type, ...message } = frameOf(entry);
    if (!entry.after) return api.post(`${path}/messages`, message);
    const answered = await api.post(`${path}/answer`, { ...entry.after, message });
    this.#room.took(answered.ticket);
    return answered.message;
  }

  #forget(clientId) {
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

function frameOf({ client_id: clientId, content, attachments, internal }) {
  const frame = { type: "message", client_id: clientId, content, attachment_ids: attachments.map(({ id }) => id) };
  return internal ? { ...frame, internal: true } : frame;
}
