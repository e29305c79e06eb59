/** The canned replies as the page knows them: all are read once, and again when they are asked for a while later. */

import { get } from "./http.js";

const FRESH_FOR_MS = 5000;
const PAGE = 100;

/** @typedef {import("./canned.js").Reply} Reply */

export class CannedReplies {
  #read;
  #now;
  #readAt = -Infinity;
  /** @type {Promise<Reply[]>|null} */
  #reading = null;
  /** @type {Reply[]} */
  all = [];
  isKnown = false;

  /** @param {(cursor: string|null) => Promise<{items: Reply[], next_cursor: string|null}>} read one page @param {() => number} now */
  constructor(read, now = () => performance.now()) {
    this.#read = read;
    this.#now = now;
  }

  /** All of them; rejects when they cannot be read, and what was known stays in `all`. */
  async load() {
    if (this.#now() - this.#readAt < FRESH_FOR_MS) return this.all;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** Something was changed just now: the next one who asks reads anew. */
  stale() {
    this.#readAt = -Infinity;
  }

  async #readAll() {
    const begun = this.#now();
    const found = [];
    let cursor = null;
    do {
      const page = await this.#read(cursor);
      found.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    this.all = found;
    this.isKnown = true;
    this.#readAt = begun;
    return found;
  }
}

/** One for the page. */
export const cannedReplies = new CannedReplies((cursor) => get(`/canned?${new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) })}`));
