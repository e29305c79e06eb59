/** What is told while an answer is on its way: it may be newer than what the answer says. */

/** @template Told */
export class Meanwhile {
  /** @type {Set<Told[]>} */
  #readings = new Set();

  /** @param {Told} told */
  hear(told) {
    for (const reading of this.#readings) reading.push(told);
  }

  /**
   * Reads, and gives what was told until the answer was there, in order.
   * @template Answer
   * @param {() => Promise<Answer>} read
   * @returns {Promise<{answer: Answer, told: Told[]}>} fails as the reading does
   */
  async during(read) {
    /** @type {Told[]} */
    const told = [];
    this.#readings.add(told);
    try {
      return { answer: await read(), told };
    } finally {
      this.#readings.delete(told);
    }
  }
}
