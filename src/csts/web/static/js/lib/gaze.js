/** Whether this reader has the ticket before his eyes: told when it changes, and again to a line that has just begun. */
export class Gaze {
  #tell;
  #looks = false;

  /** @param {(looking: boolean) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** @param {boolean} looks */
  turn(looks) {
    if (looks === this.#looks) return;
    this.#looks = looks;
    this.#tell(looks);
  }

  /** A new line knows nothing of it. */
  again() {
    if (this.#looks) this.#tell(true);
  }
}
