/** What somebody is about to say, per ticket, person and kind (reply or note), so that a reload or a sign-in loses no word. */

const keyOf = (person, ticketId, kind) => `csts:draft:${person.kind}-${person.id}:${ticketId}:${kind}`;

/**
 * `after`: the last number that was before its author when he began: what is behind it he may not know. `kept`: when the server has
 * last kept it, as far as is known here. `dirty`: it was changed here since, at the moment `at`.
 */
const NOTHING = { text: "", after: null, kept: null, dirty: false, at: 0 };

const PREVIEW = 80;

/** The beginning of the unsent reply on one line, for a list's preview; or an empty string. */
export const draftOf = (storage, person, ticketId) => read(storage, keyOf(person, ticketId, "reply")).text.replace(/\s+/g, " ").trim().slice(0, PREVIEW);

function read(storage, key) {
  try {
    return parsed(storage.getItem(key) ?? "");
  } catch {
    return NOTHING;
  }
}

/** A browser may still hold drafts of a time when they were their text and nothing else. */
function parsed(stored) {
  // Most tickets have none, and to throw is dear: the browser looks up the lines of all that is under way.
  if (!stored) return NOTHING;
  try {
    const held = JSON.parse(stored);
    if (typeof held?.text === "string") return { ...NOTHING, ...held };
  } catch {
    // Not ours: words.
  }
  return { ...NOTHING, text: stored, dirty: true };
}

export class Draft {
  #storage;
  #key;
  #delay;
  #timer = null;
  #held = null;

  constructor(storage, person, ticketId, { kind = "reply", delay = 250 } = {}) {
    this.#storage = storage;
    this.#key = keyOf(person, ticketId, kind);
    this.#delay = delay;
  }

  get text() {
    return this.#now.text;
  }

  get after() {
    return this.#now.after;
  }

  /** Whether it says something else here than what the server keeps. */
  get dirty() {
    return this.#now.dirty;
  }

  get kept() {
    return this.#now.kept;
  }

  /** Writes soon, not at each key; `seen` is the last number that is shown. */
  change(text, seen = null) {
    const now = this.#now;
    if (text === now.text) return;
    this.#become({ ...now, text, after: text.trim() ? (now.after ?? seen) : null, dirty: true, at: Date.now() });
  }

  /** He has seen all up to here, and wants to say it all the same. */
  confirm(seen) {
    this.#become({ ...this.#now, after: seen });
  }

  /** What is written here is the last word, whatever the server keeps now. */
  insist() {
    this.#become({ ...this.#now, dirty: true, at: Date.now() });
  }

  /** It was begun when no more than this was there. */
  begunAt(seen) {
    if (Number.isInteger(seen)) this.confirm(Math.min(seen, this.after ?? seen));
  }

  /** What the server keeps, or kept until now where `content` is empty; says whether it is taken: the last edit wins. */
  take({ content, after, updated_at: kept }) {
    const now = this.#now;
    if (now.kept && Date.parse(kept) <= Date.parse(now.kept)) return false;
    if (now.dirty && now.at > Date.parse(kept)) return false;
    this.#become({ ...NOTHING, text: content, after, kept });
    this.flush();
    return true;
  }

  /** The server keeps this text now, since this moment. */
  settle(text, kept) {
    const now = this.#now;
    this.#become({ ...now, kept, dirty: now.text !== text });
    this.flush();
  }

  /** Writes now: for a page that is about to go away. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#held === null) return;
    const { text, kept, dirty } = this.#held;
    try {
      // An empty one that the server still keeps has to be remembered until it is gone there as well.
      if (text.trim() || (kept && dirty)) this.#storage.setItem(this.#key, JSON.stringify(this.#held));
      else this.#storage.removeItem(this.#key);
    } catch {
      return;
    }
    this.#held = null;
  }

  clear() {
    this.change("");
    this.flush();
  }

  get #now() {
    return this.#held ?? read(this.#storage, this.#key);
  }

  #become(held) {
    this.#held = held;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), this.#delay);
  }
}
