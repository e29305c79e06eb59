/** Keys that somebody presses while the scripts that know them are still on their way. */

export class EarlyKeys {
  /** @type {KeyboardEvent[]} */
  #kept = [];
  #end = new AbortController();

  /** @param {EventTarget} target */
  listen(target = document) {
    const { signal } = this.#end;
    target.addEventListener("keydown", (event) => this.#kept.push(/** @type {KeyboardEvent} */ (event)), { signal });
    // Whoever takes the mouse meanwhile does not wait for his keys any more.
    target.addEventListener("pointerdown", () => (this.#kept = []), { signal });
  }

  /** Hands over what was pressed, in order, and listens no more. */
  take() {
    this.#end.abort();
    return this.#kept.splice(0);
  }
}

/** Those of this page. */
export const earlyKeys = new EarlyKeys();
