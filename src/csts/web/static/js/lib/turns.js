/** What a quick hand asks for before the last thing is done: each in its turn, in the order of asking. */

export class Turns {
  /** @type {Set<string>} */
  #asked = new Set();
  /** @type {Promise<any>} */
  #last = Promise.resolve();

  /** Whether something is asked for that is not done yet. */
  get isBusy() {
    return this.#asked.size > 0;
  }

  /**
   * Does it when all before it is done, well or not. What is asked for already is not done twice.
   * @template T
   * @param {string} name the same for the same
   * @param {() => Promise<T>} act
   * @returns {Promise<T|null>} null for what is asked for already; fails as the act does
   */
  async take(name, act) {
    if (this.#asked.has(name)) return null;
    this.#asked.add(name);
    const turn = this.#last.then(act).finally(() => this.#asked.delete(name));
    this.#last = turn.catch(() => {});
    return turn;
  }
}
