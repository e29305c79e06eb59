/** Messages that the server has not acknowledged, kept on the device so that a closed or crashed tab loses nothing. */

/** Stands in where storage is refused (private windows): nothing survives a reload, but everything works. */
export class ForgetfulStorage {
  #items = new Map();

  getItem(key) {
    return this.#items.get(key) ?? null;
  }

  setItem(key, value) {
    this.#items.set(key, value);
  }

  removeItem(key) {
    this.#items.delete(key);
  }
}

/** The device's storage when it can be written to, else one that forgets. */
export function storageOf(scope) {
  try {
    const probe = "csts:probe";
    scope.localStorage.setItem(probe, "1");
    scope.localStorage.removeItem(probe);
    return scope.localStorage;
  } catch {
    return new ForgetfulStorage();
  }
}

export class Outbox {
  #storage;
  #key;

  constructor(storage, person, ticketId) {
    this.#storage = storage;
    this.#key = `csts:outbox:${person.kind}-${person.id}:${ticketId}`;
  }

  /** What is unacknowledged, in the order of writing: `{client_id, content, attachments, internal, after, seen, timestamp, refused}`. */
  all() {
    try {
      const held = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(held) ? held : [];
    } catch {
      return [];
    }
  }

  put(entry) {
    const others = this.all().filter((held) => held.client_id !== entry.client_id);
    this.#save([...others, entry]);
  }

  /** Remembers a final refusal, so that a reload shows it and does not try again by itself. */
  refuse(clientId, problem) {
    this.#save(this.all().map((held) => (held.client_id === clientId ? { ...held, refused: problem } : held)));
  }

  settle(clientId) {
    const held = this.all();
    const rest = held.filter((entry) => entry.client_id !== clientId);
    if (rest.length < held.length) this.#save(rest);
  }

  // Read, changed and written in one go: two tabs share the list, and neither may overwrite it from memory.
  #save(entries) {
    if (!entries.length) return this.#storage.removeItem(this.#key);
    try {
      this.#storage.setItem(this.#key, JSON.stringify(entries));
    } catch {
      // The device is full: memory is the next best place.
      this.#storage = new ForgetfulStorage();
      this.#storage.setItem(this.#key, JSON.stringify(entries));
    }
  }
}
