/** The messages of one ticket as this reader may hold them: by number, each once, with what is still on its way at the end. */

const samePerson = (a, b) => Boolean(a && b) && a.kind === b.kind && a.id === b.id;

export class Thread {
  /** Everything after this number is to be held; null until a first page was read. */
  floor = null;
  #me;
  #stored = [];
  #bySeq = new Map();
  #pending = [];
  /** Stored since it was asked for news. @type {any[]} */
  #fresh = [];
  /** Behind this is what came since it was asked for the first time; null before. @type {number|null} */
  #from = null;

  constructor(me) {
    this.#me = me;
  }

  /** Number of the last message held, or null; there may be gaps before it. */
  get newest() {
    return this.#stored.length ? this.#stored.at(-1).message.seq : null;
  }

  /** The last number up to which nothing is missing since the oldest one held: what a reconnect may ask from. */
  get contiguous() {
    const [gap] = this.gaps();
    return gap ? gap.after : (this.newest ?? this.floor);
  }

  get pending() {
    return [...this.#pending];
  }

  /** Stored messages in the order of their numbers, then what is on its way in the order of writing. */
  entries() {
    return [...this.#stored, ...this.#pending];
  }

  /** Takes a message from any source, in any order; says whether the screen changes. */
  add(message) {
    const held = this.#bySeq.get(message.seq);
    if (held) return this.#settle(message, held);
    const own = samePerson(message.sender, this.#me);
    const sent = own ? this.#takePending(message.client_id) : null;
    const entry = { key: sent?.key ?? `m${message.id}`, state: "sent", own, message };
    this.#bySeq.set(message.seq, entry);
    this.#fresh.push(message);
    this.#stored.splice(this.#placeOf(message.seq), 0, entry);
    return true;
  }

  addAll(messages) {
    return messages.map((message) => this.add(message)).some(Boolean);
  }

  /**
   * What others have said since this was asked before, each once, in order: not one's own side, nor the desk. The first time it is
   * nothing, and what stands further up is none either.
   */
  news() {
    const from = (this.#from ??= this.newest ?? 0);
    const fresh = this.#fresh.filter(({ seq, sender }) => seq > from && ![this.#me.kind, "system"].includes(sender.kind));
    this.#fresh = [];
    return fresh.sort((a, b) => a.seq - b.seq);
  }

  /** Shows a message before the server has it. A second call with the same client id brings a failed one back. */
  addPending(draft) {
    const held = this.#pending.find((entry) => entry.message.client_id === draft.client_id);
    if (held) return this.#become(held, "sending", null);
    if (this.#isStored(draft.client_id)) return false;
    const message = { ...draft, sender: this.#me, seq: null, id: null };
    this.#pending.push({ key: `c${draft.client_id}`, state: "sending", own: true, message, problem: null });
    return true;
  }

  fail(clientId, problem) {
    const held = this.#pending.find((entry) => entry.message.client_id === clientId);
    return held ? this.#become(held, "failed", problem) : false;
  }

  /** It takes longer than it should, and is still on its way. */
  overdue(clientId) {
    const held = this.#pending.find((entry) => entry.message.client_id === clientId);
    return held?.state === "sending" ? this.#become(held, "overdue", null) : false;
  }

  discard(clientId) {
    return this.#takePending(clientId) !== null;
  }

  /** Ranges that are missing above the floor, oldest first, as `{after, before}`; `last` is the number the server named. */
  gaps(last = 0) {
    const held = this.#stored.map(({ message }) => message.seq);
    const from = this.floor ?? held[0] ?? last;
    const steps = [from, ...held.filter((seq) => seq > from), Math.max(last, from, held.at(-1) ?? 0) + 1];
    return steps
      .slice(1)
      .map((before, at) => ({ after: steps[at], before }))
      .filter(({ after, before }) => before > after + 1);
  }

  #become(entry, state, problem) {
    const at = this.#pending.indexOf(entry);
    this.#pending[at] = { ...entry, state, problem };
    return true;
  }

  #settle(message, held) {
    return held.own ? this.#takePending(message.client_id) !== null : false;
  }

  #takePending(clientId) {
    const at = this.#pending.findIndex((entry) => entry.message.client_id === clientId);
    return at < 0 ? null : this.#pending.splice(at, 1)[0];
  }

  #isStored(clientId) {
    return this.#stored.some((entry) => entry.own && entry.message.client_id === clientId);
  }

  /** Almost every message is the newest, so the search starts at the end. */
  #placeOf(seq) {
    let at = this.#stored.length;
    while (at > 0 && this.#stored[at - 1].message.seq > seq) at -= 1;
    return at;
  }
}
