/** Asks while somebody types: not at every key, never twice the same, and an answer that was overtaken is not shown. */

export class Asking {
  #ask;
  #take;
  #fail;
  #delay;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {AbortController|null} */
  #flight = null;
  /** @type {string|null} */
  #text = null;

  /**
   * @param {{ask: (text: string, signal: AbortSignal) => Promise<any>, take: (answer: any, text: string) => void,
   *   fail?: (failure: any) => void, delay?: number}} options
   */
  constructor({ ask, take, fail = () => {}, delay = 400 }) {
    this.#ask = ask;
    this.#take = take;
    this.#fail = fail;
    this.#delay = delay;
  }

  /** The answer for this is shown already. @param {string} text */
  known(text) {
    this.#text = text;
  }

  /**
   * Asks for what is typed into this field, also for what was typed before this script was there.
   * @param {HTMLInputElement} field
   * @param {string} shown what the page has an answer to already
   */
  follow(field, shown = "") {
    const look = () => this.soon(field.value.trim());
    this.known(shown.trim());
    field.addEventListener("input", look);
    look();
  }

  /** Asks when nothing more is typed for a while. @param {string} text */
  soon(text) {
    clearTimeout(this.#timer);
    if (text !== this.#text) this.#timer = setTimeout(() => this.now(text), this.#delay);
  }

  /** @param {string} text */
  async now(text) {
    clearTimeout(this.#timer);
    if (text === this.#text) return;
    this.#flight?.abort();
    const flight = new AbortController();
    this.#flight = flight;
    this.#text = text;
    try {
      const answer = await this.#ask(text, flight.signal);
      if (flight === this.#flight) this.#take(answer, text);
    } catch (failure) {
      if (flight !== this.#flight) return;
      // The same may be asked again: it has no answer yet.
      this.#text = null;
      this.#fail(failure);
    }
  }
}
