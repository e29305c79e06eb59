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

  get length() {
    return this.#items.size;
  }

  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }
}

let left = false;

/** Whether the person of this page has signed out. */
export const hasLeft = () => left;

/** From now on this page writes nothing down any more: what its fields still hold must not come back behind its writer. */
export function closeStorage() {
  left = true;
}

/** The device's storage, as long as it may be written to. */
class DeviceStorage {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  getItem(key) {
    return this.#storage.getItem(key);
  }

  setItem(key, value) {
    if (!left) this.#storage.setItem(key, value);
  }

  removeItem(key) {
    this.#storage.removeItem(key);
  }

  get length() {
    return this.#storage.length;
  }

  key(index) {
    return this.#storage.key(index);
  }
}

/** @type {WeakMap<object, DeviceStorage|ForgetfulStorage>} */
const found = new WeakMap();

/** The device's storage when it can be written to, else one that forgets. Tried once: to write takes the browser a while. */
export function storageOf(scope) {
  const storage = found.get(scope) ?? openStorage(scope);
  found.set(scope, storage);
  return storage;
}

function openStorage(scope) {
  try {
    const probe = "csts:probe";
    scope.localStorage.setItem(probe, "1");
    scope.localStorage.removeItem(probe);
    return new DeviceStorage(scope.localStorage);
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
