/** What somebody is about to say, per ticket, person and kind (reply or note), so that a reload or a sign-in loses no word. */

const keyOf = (person, ticketId, kind) => `csts:draft:${person.kind}-${person.id}:${ticketId}:${kind}`;

const NOTHING = { text: "", after: null };

/** The unsent reply for a list's preview, or an empty string. */
export const draftOf = (storage, person, ticketId, kind = "reply") => read(storage, keyOf(person, ticketId, kind)).text;

function read(storage, key) {
  try {
    return parsed(storage.getItem(key) ?? "");
  } catch {
    return NOTHING;
  }
}

/** A browser may still hold drafts of a time when they were their text and nothing else. */
function parsed(stored) {
  try {
    const held = JSON.parse(stored);
    if (typeof held?.text === "string") return { ...NOTHING, ...held };
  } catch {
    // Not ours: words.
  }
  return { ...NOTHING, text: stored };
}

/** `after` is the last number that was before its author when he began: what is behind it he may not know. */
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

  /** Writes soon, not at each key; `seen` is the last number that is shown. */
  change(text, seen = null) {
    this.#become({ text, after: text.trim() ? (this.after ?? seen) : null });
  }

  /** He has seen all up to here, and wants to say it all the same. */
  confirm(seen) {
    this.#become({ ...this.#now, after: seen });
  }

  /** It was begun when no more than this was there. */
  begunAt(seen) {
    if (Number.isInteger(seen)) this.confirm(Math.min(seen, this.after ?? seen));
  }

  /** Writes now: for a page that is about to go away. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#held === null) return;
    try {
      if (this.#held.text.trim()) this.#storage.setItem(this.#key, JSON.stringify(this.#held));
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
