/** What a quick hand asks for before the last thing is done: each in its turn, in the order of asking. */

export class Turns {
  #open = 0;
  /** @type {string|null} */
  #name = null;
  /** @type {Promise<any>} */
  #last = Promise.resolve();

  /** Whether something is asked for that is not done yet. */
  get isBusy() {
    return this.#open > 0;
  }

  /** When all that has been asked for so far is done, well or not. */
  get settled() {
    return this.#last;
  }

  /**
   * Does it when all before it is done, well or not. What was asked for last, and is not done yet, is not done twice.
   * @template T
   * @param {string} name the same for the same
   * @param {() => Promise<T>} act
   * @returns {Promise<T|null>} null for what was asked for already; fails as the act does
   */
  async take(name, act) {
    if (this.isBusy && name === this.#name) return null;
    this.#name = name;
    this.#open += 1;
    const turn = this.#last.then(act).finally(() => (this.#open -= 1));
    this.#last = turn.catch(() => {});
    return turn;
  }
}
