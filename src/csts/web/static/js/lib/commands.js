/** What can be done by hand: one list, from which the keys, their sheet and the palette are all drawn. */

import { folded } from "./folded.js";

/**
 * @typedef {{
 *   id: string, name: string, act: () => void, icon?: string, hint?: string,
 *   keys?: string[], when?: () => boolean, repeats?: boolean, words?: string, onlyKey?: boolean,
 * }} Command
 *   `keys` are as `pressOf` tells them, the first one is shown; `when` says whether it can be done now; `repeats` that a key
 *   held down does it again; `words` are found by the palette too; `onlyKey` keeps it out of the palette.
 */

const MOST_RECENT = 12;

export class Commands {
  /** @type {Map<string, Command>} */
  #all = new Map();
  /** @type {(() => Command[])[]} */
  #offers = [];

  /** One of the same id takes the other's place. @param {...Command} commands */
  add(...commands) {
    for (const command of commands) this.#all.set(command.id, command);
  }

  /** What there is to do only now, such as the statuses of the ticket in view. @param {() => Command[]} offer */
  offer(offer) {
    this.#offers.push(offer);
  }

  /** What a key does, if it can be done now. @param {string} press @returns {Command|undefined} */
  forKey(press) {
    return [...this.#all.values()].find((command) => command.keys?.includes(press) && isPossible(command));
  }

  /** All that have a key, for the sheet. */
  get withKeys() {
    return [...this.#all.values()].filter(({ keys }) => keys?.length);
  }

  /** All that can be done now, for the palette. */
  get possible() {
    return [...this.#all.values(), ...this.#offers.flatMap((offer) => offer())].filter((command) => !command.onlyKey && isPossible(command));
  }
}

/** @param {Command} command */
const isPossible = ({ when }) => !when || when();

/** The one of this page. */
export const commands = new Commands();

/**
 * A key with what is held beside it: "j", "?", "Shift+e", "Mod+k" (Ctrl, or Command on a Mac), "Mod+Alt+e".
 * @param {Pick<KeyboardEvent, "key"|"code"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey"> & {getModifierState?: (key: string) => boolean}} event
 */
export function pressOf(event) {
  // AltGr reports itself as Ctrl and Alt, and belongs to the character that it makes.
  const isGraph = event.getModifierState?.("AltGraph") ?? false;
  const mod = !isGraph && (event.ctrlKey || event.metaKey);
  const alt = !isGraph && event.altKey;
  // Alt makes other characters of letters on a Mac; the place of the key is what is meant there.
  const key = mod && alt && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  // The Shift of "?" is a part of it, and caps lock is no Shift.
  const shift = event.shiftKey && (isLetter || key.length > 1);
  return [mod && "Mod", alt && "Alt", shift && "Shift", isLetter ? key.toLowerCase() : key].filter(Boolean).join("+");
}

/** Whether it is a key without Ctrl and Alt: it belongs to the field while somebody types. @param {string} press */
export const isBare = (press) => !press.startsWith("Mod+") && !press.startsWith("Alt+");

/** Whether it writes a character: off for whoever dictates, or hits keys that he does not mean (WCAG 2.1.4). @param {string} press */
export const isCharacter = (press) => isBare(press) && press.replace("Shift+", "").length === 1;

const NAMES = /** @type {Record<string, string>} */ ({ Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", Enter: "Enter" });

/** What is written on the keys: ["Ctrl", "Alt", "E"]. @param {string} press @param {boolean} isMac */
export function keysOf(press, isMac = false) {
  // A plus is a key as well.
  const parts = press.split(/\+(?=.)/);
  const words = /** @type {Record<string, string>} */ ({ Mod: isMac ? "⌘" : "Ctrl", Alt: isMac ? "⌥" : "Alt", Shift: "Shift" });
  return parts.map((part) => words[part] ?? NAMES[part] ?? (parts.length > 1 ? part.toUpperCase() : part));
}

const WEAK = 1;

/**
 * How well a name meets the typed word that it meets worst: 3 where one of its words begins so, 2 where it stands inside of one,
 * 1 where only its letters come in that order, 0 for not at all.
 * @param {string} typed @param {string} name
 */
function met(typed, name) {
  const words = folded(name);
  const pieces = folded(typed).split(/\s+/).filter(Boolean);
  return Math.min(3, ...pieces.map((piece) => (` ${words}`.includes(` ${piece}`) ? 3 : words.includes(piece) ? 2 : isWithin(piece, words) ? WEAK : 0)));
}

/** @param {string} letters @param {string} text */
function isWithin(letters, text) {
  let from = 0;
  for (const letter of letters) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return false;
  }
  return true;
}

/**
 * The commands that fit what is typed, best first; of equals those that were used last, then in their own order. Those that have
 * only the letters are a guess, for when there is nothing better.
 * @param {Command[]} all @param {string} typed @param {string[]} recent ids, the latest first
 */
export function ranked(all, typed, recent) {
  const age = (/** @type {Command} */ { id }) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const fitting = all.map((command) => ({ command, fit: met(typed, `${command.name} ${command.words ?? ""}`) }));
  const least = fitting.some(({ fit }) => fit > WEAK) ? WEAK + 1 : WEAK;
  return fitting
    .filter(({ fit }) => fit >= least)
    .sort((a, b) => b.fit - a.fit || age(a.command) - age(b.command))
    .map(({ command }) => command);
}

/** @param {string[]} recent @param {string} id */
export const used = (recent, id) => [id, ...recent.filter((each) => each !== id)].slice(0, MOST_RECENT);

/** The ticket that is meant by its number, as in "L1-000123", "l1 123" and "#123"; null for anything else. @param {string} typed */
export function numberIn(typed) {
  const found = /^(?:l1[-\s]?|#)?0*([1-9]\d{0,8})$/i.exec(typed.trim());
  return found ? Number(found[1]) : null;
}
