/** Mentions in internal notes: which colleague is meant while one types, and where the names stand in a text. */

import { folded } from "./folded.js";

/** @typedef {import("./colleagues.js").Colleague} Colleague */

// The grammar of the server (chat/mentions.py), which tells who is mentioned; the same cases test both. What may not stand
// before the sign is taken along, since not every browser can look behind.
const NAME = /(^|[^\p{L}\p{N}_.%+/@-])@([A-Za-z0-9][A-Za-z0-9._-]{2,63})(?![\p{L}\p{N}_@])/gu;
const SIGN = /(?:^|[^\p{L}\p{N}_.%+/@-])@([\p{L}\p{N}\p{M}._-]{0,40})$/u;

/** The names in a text, in small letters, with their places without what ends the sentence. @param {string} text */
const namesIn = (text) =>
  [...text.matchAll(NAME)].map(({ index, 1: before, 2: written }) => ({ start: index + before.length, whole: written.toLowerCase(), cut: written.toLowerCase().replace(/[._-]+$/u, "") }));

/**
 * The text in pieces, of which those that name a colleague say whom.
 * @param {string} text @param {(username: string) => Colleague|null} find
 * @returns {{text: string, colleague: Colleague|null}[]}
 */
export function withMentions(text, find) {
  const pieces = [];
  let from = 0;
  for (const { start, whole, cut } of namesIn(text)) {
    const colleague = find(whole) ?? find(cut);
    if (!colleague) continue;
    const end = start + 1 + colleague.username.length;
    if (start > from) pieces.push({ text: text.slice(from, start), colleague: null });
    pieces.push({ text: text.slice(start, end), colleague });
    from = end;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), colleague: null });
  return pieces;
}

/**
 * What is typed behind an at sign, if the caret stands at the end of it.
 * @param {string} text @param {number} caret @returns {{start: number, end: number, query: string}|null}
 */
export function signAt(text, caret) {
  const found = /[\p{L}\p{N}_@]/u.test(text.charAt(caret)) ? null : SIGN.exec(text.slice(0, caret));
  return found && { start: caret - found[1].length - 1, end: caret, query: found[1] };
}

/** How well what is typed says who is meant, the least is best; Infinity for not at all. @param {Colleague} colleague @param {string} typed */
function distance({ username, name }, typed) {
  const words = folded(name).split(/\s+/u);
  if (username.startsWith(typed)) return 0;
  if (words.some((word) => word.startsWith(typed))) return 1;
  return username.includes(typed) || folded(name).replace(/\s+/gu, "").includes(typed) ? 2 : Infinity;
}

/** Those who may be meant, the closest first, and of equals in their own order. @param {Colleague[]} colleagues @param {string} query */
export function meant(colleagues, query) {
  const typed = folded(query);
  const ranked = colleagues.map((colleague) => ({ colleague, far: distance(colleague, typed) }));
  return ranked.filter(({ far }) => far < Infinity).sort((one, other) => one.far - other.far).map(({ colleague }) => colleague);
}
