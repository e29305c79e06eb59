/** Keys that somebody presses while the scripts that know them are still on their way. */

const MOST = 20;
/** What one types into. */
export const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** A field, a menu and a dialog have their keys for themselves. */
const isElsewhere = () => Boolean(document.querySelector("dialog[open], [popover]:popover-open") ?? document.activeElement?.matches(FIELDS));

export class EarlyKeys {
  /** @type {KeyboardEvent[]} */
  #kept = [];
  #end = new AbortController();
  #isElsewhere;

  /** @param {() => boolean} elsewhere whether keys belong to something else just now */
  constructor(elsewhere = isElsewhere) {
    this.#isElsewhere = elsewhere;
  }

  /** @param {EventTarget} target */
  listen(target = document) {
    const { signal } = this.#end;
    target.addEventListener("keydown", (event) => !this.#isElsewhere() && this.#kept.length < MOST && this.#kept.push(/** @type {KeyboardEvent} */ (event)), { signal });
    // Whoever takes the mouse meanwhile does not wait for his keys any more.
    target.addEventListener("pointerdown", () => (this.#kept = []), { signal });
  }

  /** Obeys what was pressed, in order, as far as it was no text for what the keys before it have opened; and listens no more. @param {(event: KeyboardEvent) => void} obey */
  pass(obey) {
    this.#end.abort();
    for (const event of this.#kept.splice(0)) {
      if (this.#isElsewhere()) return;
      obey(event);
    }
  }
}

/** Those of this page. */
export const earlyKeys = new EarlyKeys();
