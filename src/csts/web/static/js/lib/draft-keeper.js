/** Keeps the drafts of one ticket on the server as well: saved soon, followed from other devices, and gone once they are sent. */

const SAVE_AFTER_MS = 1000;
/** Whoever has typed so recently is typing. */
const TYPING_MS = 3000;

/** Answers after which the same words may be kept later: no line, no session, a busy desk. */
const isPassing = ({ status = 0 }) => status === 0 || status === 401 || status === 429 || status >= 500;

export class DraftKeeper {
  #api;
  #path;
  #drafts;
  #changed;
  #kept;
  #most;
  #timers = {};
  #typed = {};
  /** The newest that this page has saved or heard of: an echo of one's own words is no news. */
  #heard = {};
  #saving = {};
  /** The words that are on their way to the server, until it has answered. */
  #sending = {};
  /** Whether an answer came meanwhile of which nobody could tell. */
  #isUnsure = false;

  /**
   * `drafts` are those of the composer by kind; `changed` is told the kind of one that another device has changed, `kept` when one of
   * ours was saved; `most` is the greatest number of characters that the server keeps. `api` is `{get, put, remove}`.
   */
  constructor({ api, path, drafts, changed, kept, most }) {
    this.#api = api;
    this.#path = `${path}/drafts`;
    this.#drafts = drafts;
    this.#changed = changed;
    this.#kept = kept;
    this.#most = most;
  }

  /** Reads what the server keeps: at the start, and when something may have been missed. */
  async load() {
    const heard = { ...this.#heard };
    try {
      const { items } = await this.#api.get(this.#path);
      for (const kind of Object.keys(this.#drafts)) {
        // What was saved or heard meanwhile is newer than this answer may be, to which it would look deleted.
        if (this.#heard[kind] === heard[kind]) this.#compare(kind, items.find((each) => each.kind === kind));
      }
    } catch {
      // What is on this device is there, and the next line that comes back asks again.
    }
  }

  /** Somebody has typed here: it is saved when he pauses. */
  edited(kind) {
    this.#typed[kind] = Date.now();
    this.#saveSoon(kind);
  }

  /** It is on its way as a message, and no draft any more as soon as that is delivered: see `settle`. */
  sent(kind) {
    clearTimeout(this.#timers[kind]);
    this.#typed[kind] = 0;
  }

  settle() {
    for (const kind of Object.keys(this.#drafts)) this.#save(kind);
  }

  /** Another device, or another tab, has saved it. */
  hear(draft) {
    const { kind } = draft;
    const mine = this.#drafts[kind];
    if (!mine || this.#isOld(draft)) return;
    this.#heard[kind] = draft.updated_at;
    // Our own words may be back before their answer, and sent as a message by then.
    if (this.#sending[kind] === draft.content) return;
    // Words that are saved and were sent elsewhere go in any case: nobody wants to say them twice.
    if (mine.dirty || (this.#isTyping(kind) && draft.content)) {
      // Where somebody types nothing is taken out of his hands; his words are the last ones, and saved again.
      if (mine.text === draft.content) return;
      mine.insist();
      this.#saveSoon(kind);
      return;
    }
    mine.take(draft);
    this.#changed(kind);
  }

  /** Saves at once what is not saved yet: for a page that is about to go away. */
  flush() {
    for (const kind of Object.keys(this.#timers)) if (this.#timers[kind]) this.#save(kind);
  }

  #compare(kind, kept) {
    const mine = this.#drafts[kind];
    // Whether the answer is from before or behind what is just being saved, nobody can tell.
    if (this.#sending[kind] !== undefined) return void (this.#isUnsure = true);
    if (kept && !this.#isOld(kept)) {
      this.#heard[kind] = kept.updated_at;
      if (!this.#isTyping(kind) && mine.take(kept)) return this.#changed(kind);
    }
    // What the server kept is there no more: it was sent, or deleted, on another device.
    if (!kept && mine.kept && !mine.dirty && mine.text) {
      mine.settle("", null);
      mine.clear();
      return this.#changed(kind);
    }
    if (mine.dirty) this.#saveSoon(kind);
  }

  #isOld({ kind, updated_at: told }) {
    return this.#heard[kind] && Date.parse(told) <= Date.parse(this.#heard[kind]);
  }

  #isTyping(kind) {
    return Date.now() - (this.#typed[kind] ?? 0) < TYPING_MS;
  }

  #saveSoon(kind) {
    clearTimeout(this.#timers[kind]);
    this.#timers[kind] = setTimeout(() => this.#save(kind), SAVE_AFTER_MS);
  }

  // One after the other, so that the last words are the last ones for the server as well.
  #save(kind) {
    clearTimeout(this.#timers[kind]);
    this.#timers[kind] = null;
    this.#saving[kind] = (this.#saving[kind] ?? Promise.resolve()).then(() => this.#saveNow(kind));
    return this.#saving[kind];
  }

  async #saveNow(kind) {
    const draft = this.#drafts[kind];
    const { text } = draft;
    if (!draft.dirty || [...text].length > this.#most) return;
    this.#sending[kind] = text.trim() ? text : "";
    try {
      if (text.trim()) draft.settle(text, this.#told(kind, await this.#api.put(`${this.#path}/${kind}`, { content: text, after: draft.after })));
      else await this.#forget(kind, draft);
      this.#kept();
    } catch (problem) {
      // As it stands it will never be kept: this device has it, and the next key tries again.
      if (!isPassing(problem)) draft.settle(text, draft.kept);
    } finally {
      delete this.#sending[kind];
    }
    if (!this.#isUnsure) return;
    this.#isUnsure = false;
    this.load();
  }

  async #forget(kind, draft) {
    await this.#api.remove(`${this.#path}/${kind}`);
    draft.settle("", null);
  }

  #told(kind, { updated_at: kept }) {
    this.#heard[kind] = kept;
    return kept;
  }
}
