/** What somebody is about to say, per ticket, person and kind (reply or note), so that a reload or a sign-in loses no word. */

const keyOf = (person, ticketId, kind) => `csts:draft:${person.kind}-${person.id}:${ticketId}:${kind}`;

/** The unsent reply for a list's preview, or an empty string. */
export function draftOf(storage, person, ticketId, kind = "reply") {
  try {
    return storage.getItem(keyOf(person, ticketId, kind)) ?? "";
  } catch {
    return "";
  }
}

export class Draft {
  #storage;
  #key;
  #delay;
  #timer = null;
  #text = null;

  constructor(storage, person, ticketId, { kind = "reply", delay = 250 } = {}) {
    this.#storage = storage;
    this.#key = keyOf(person, ticketId, kind);
    this.#delay = delay;
  }

  get text() {
    return this.#text ?? this.#storage.getItem(this.#key) ?? "";
  }

  /** Writes soon, not at each key. */
  change(text) {
    this.#text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), this.#delay);
  }

  /** Writes now: for a page that is about to go away. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#text === null) return;
    try {
      if (this.#text.trim()) this.#storage.setItem(this.#key, this.#text);
      else this.#storage.removeItem(this.#key);
    } catch {
      return;
    }
    this.#text = null;
  }

  clear() {
    this.#text = "";
    this.flush();
  }
}
