/** The scores of a rating in words, the worst first. */

import { sentence, t } from "./words.js";

export const SCORES = [
  { score: 1, word: sentence("Bad") },
  { score: 2, word: sentence("Poor") },
  { score: 3, word: sentence("Fair") },
  { score: 4, word: sentence("Good") },
  { score: 5, word: sentence("Great") },
];

/** "4 of 5, Good". @param {number} score */
export const scoreWords = (score) => t("{score} of 5, {word}", { score, word: t(SCORES[score - 1].word) });
