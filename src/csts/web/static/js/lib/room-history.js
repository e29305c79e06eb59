/** Reading a thread by pages: the newest, the older ones on the way up, and the holes. */

const PAGE = 40;
const LARGEST_PAGE = 100;
/** Larger than any number of a message: "before this" is the newest page. */
const END = 2_147_483_647;

export class History {
  complete = false;
  #api;
  #path;
  #thread;
  #changed;
  #older = null;
  #mending = null;

  constructor({ api, path, thread, changed }) {
    this.#api = api;
    this.#path = path;
    this.#thread = thread;
    this.#changed = changed;
  }

  async newest() {
    await this.#before(END);
  }

  /** One page further up; a second call while one is under way waits for the same. */
  older() {
    if (this.complete || this.#thread.floor === null) return Promise.resolve();
    this.#older ??= this.#before(this.#thread.floor + 1).finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  /** All that came after a number, in as many pages as it takes. */
  async since(seq) {
    let from = seq;
    for (;;) {
      const items = await this.#page({ after: from ?? 0, limit: LARGEST_PAGE });
      if (items.length < LARGEST_PAGE) return;
      from = items.at(-1).seq;
    }
  }

  /** Asks for what is missing between the messages held and the last number known. */
  async mend(lastSeq) {
    this.#mending ??= this.#fill(this.#thread.gaps(lastSeq)).finally(() => {
      this.#mending = null;
    });
    await this.#mending;
  }

  // What cannot be had now is asked for again at the next change or reconnect.
  async #fill(gaps) {
    try {
      for (const gap of gaps) await this.#page({ after: gap.after, limit: Math.min(LARGEST_PAGE, gap.before - gap.after - 1) });
    } catch {
      return;
    }
  }

  async #before(seq) {
    const items = await this.#page({ before: seq, limit: PAGE });
    this.complete = items.length < PAGE || items[0].seq === 1;
    this.#thread.floor = this.complete ? 0 : items[0].seq - 1;
    this.#changed();
  }

  async #page(query) {
    const { items } = await this.#api.get(`${this.#path}/messages?${new URLSearchParams(query)}`);
    if (this.#thread.addAll(items)) this.#changed();
    return items;
  }
}
