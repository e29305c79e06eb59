/** What the assistant is saying right now: a text that grows until its message comes. It is stored nowhere. */

const BELIEVE_FOR_MS = 30_000;

/** Holds at most one text: in a room the assistant says one thing at a time. */
export class HalfSaid {
  #changed;
  #entry = null;
  #timer = null;
  #over = new Set();

  constructor(changed) {
    this.#changed = changed;
  }

  /** As entries of a thread that holds these: none, or the one that grows. */
  beside(entries) {
    const isHere = ({ message }) => message.client_id === this.#entry?.message.client_id;
    return this.#entry && !entries.some(isHere) ? [this.#entry] : [];
  }

  /** Takes a frame that holds the whole text so far. What has ended does not begin again by a frame that came late. */
  hear({ client_id: clientId, sender, content }) {
    if (this.#over.has(clientId)) return;
    const timestamp = this.#saying(clientId) ? this.#entry.message.timestamp : new Date().toISOString();
    const message = { client_id: clientId, sender, content, timestamp, id: null, seq: null, attachments: [] };
    this.#entry = { key: `h${clientId}`, state: "drafting", own: false, message };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.pause(), BELIEVE_FOR_MS);
    this.#changed();
  }

  /** Somebody has spoken; says whether the assistant's turn is over with that. */
  heed({ sender, client_id: clientId, internal }) {
    if (sender.kind === "assistant") this.end(clientId);
    else if (sender.kind === "agent" && !internal) this.end();
    // A line of the desk may be the handover, and may be something else.
    else if (sender.kind === "system") this.pause();
    else return false;
    return true;
  }

  /** Its message is here, or shall never come. */
  end(clientId = this.#entry?.message.client_id) {
    if (clientId) this.#over.add(clientId);
    if (this.#saying(clientId)) this.pause();
  }

  /** Nothing more was heard: the text goes, and comes back with the next word. */
  pause() {
    clearTimeout(this.#timer);
    if (!this.#entry) return;
    this.#entry = null;
    this.#changed();
  }

  #saying(clientId) {
    return this.#entry !== null && this.#entry.message.client_id === clientId;
  }
}
