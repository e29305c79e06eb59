/** Who is typing: what to tell the others and when, and how long to believe what they tell. */

const TELL_EVERY_MS = 3000;
const IDLE_AFTER_MS = 2000;
const BELIEVE_FOR_MS = 5000;

/** Turns key strokes into few frames: one at the start, one every three seconds, one at the end. */
export class TypingVoice {
  #tell;
  #now;
  #toldAt = null;
  #timer = null;

  constructor(tell, now = () => Date.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stopped(), IDLE_AFTER_MS);
    if (this.#toldAt !== null && this.#now() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = this.#now();
    this.#tell(true);
  }

  stopped() {
    clearTimeout(this.#timer);
    if (this.#toldAt === null) return;
    this.#toldAt = null;
    this.#tell(false);
  }
}

/** Remembers who said to be typing; a lost "stopped" is forgotten after five seconds. */
export class TypingEar {
  #changed;
  #typists = new Map();

  constructor(changed) {
    this.#changed = changed;
  }

  get people() {
    return [...this.#typists.values()].map(({ person }) => person);
  }

  hear(person, typing) {
    const key = `${person.kind}-${person.id}`;
    const known = this.#typists.get(key);
    clearTimeout(known?.timer);
    this.#typists.delete(key);
    if (typing) this.#typists.set(key, { person, timer: setTimeout(() => this.hear(person, false), BELIEVE_FOR_MS) });
    if (typing !== Boolean(known)) this.#changed();
  }

  forget() {
    this.#typists.forEach(({ timer }) => clearTimeout(timer));
    this.#typists.clear();
  }
}
