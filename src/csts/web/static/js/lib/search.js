/** Searches as plain data: what is worth asking, and a text with its marks as parts to draw. */

/** @typedef {[number, number]} Mark a part of a text, `[start, end)` in UTF-16 units, as the server counts for us */
/** @typedef {{subject_marks: Mark[], text: string, marks: Mark[], where: "description"|"message"|"note"|null}} Found */

const WORD = /[\p{L}\p{N}\p{So}]+/gu;

/** Whether a search would find nothing, or everything: no word in it, or only a single letter. @param {string} text */
export function isTooShort(text) {
  const words = text.match(WORD) ?? [];
  return !words.some((word) => word.length > 1 || !/[a-z]/i.test(word));
}

/**
 * The text cut at its marks, in order. Marks that lie outside of it, or inside of another, are passed by.
 * @param {string} text @param {Mark[]} marks @returns {{text: string, isMarked: boolean}[]}
 */
export function partsOf(text, marks) {
  const parts = [];
  let end = 0;
  for (const [from, to] of marks) {
    if (from < end || to <= from || to > text.length) continue;
    if (from > end) parts.push({ text: text.slice(end, from), isMarked: false });
    parts.push({ text: text.slice(from, to), isMarked: true });
    end = to;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMarked: false });
  return parts;
}
