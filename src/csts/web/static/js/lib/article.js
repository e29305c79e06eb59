/** An article while it is edited: what was changed, what is wrong with it, and what becomes of it when two write at once. */

import { t } from "./words.js";

/** @typedef {{topic: string, title: string, answer: string, examples: string[], published: boolean}} Article */

/** @type {(keyof Article)[]} */
export const FIELDS = ["title", "topic", "answer", "examples", "published"];
export const EMPTY = { topic: "", title: "", answer: "", examples: [], published: true };

const MOST_EXAMPLES = 1000;
const LONGEST_EXAMPLE = 500;

/** One example a line; empty lines are none. @param {string} text */
export const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** @param {any} one @param {any} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Only what the editor knows of, out of something larger. @param {any} source @returns {Article} */
export const articleOf = (source) => /** @type {any} */ (Object.fromEntries(FIELDS.map((field) => [field, source[field]])));

/** The fields in which `mine` differs. @param {Article} base @param {Article} mine @returns {Partial<Article>} */
export const changes = (base, mine) => Object.fromEntries(FIELDS.filter((field) => !same(base[field], mine[field])).map((field) => [field, mine[field]]));

/**
 * Both began with `base`. What only one of them changed is taken from him; where both did, mine stays and is named in `clashes`.
 * @param {Article} base @param {Article} mine @param {Article} theirs @returns {{article: Article, clashes: (keyof Article)[]}}
 */
export function merged(base, mine, theirs) {
  const touched = new Set(Object.keys(changes(base, mine)));
  const clashes = FIELDS.filter((field) => touched.has(field) && !same(base[field], theirs[field]) && !same(mine[field], theirs[field]));
  const kept = FIELDS.map((field) => [field, touched.has(field) ? mine[field] : theirs[field]]);
  return { article: /** @type {any} */ (Object.fromEntries(kept)), clashes };
}

/** What the server would refuse and a browser does not see. @param {string} text of the field of examples */
export function exampleComplaints(text) {
  const lines = text.split("\n").map((line) => line.trim());
  const long = lines.findIndex((line) => [...line].length > LONGEST_EXAMPLE);
  const told = [];
  if (long >= 0) told.push(t("Line {line} has {count} characters; the limit is {limit}.", { line: long + 1, count: [...lines[long]].length, limit: LONGEST_EXAMPLE }));
  const count = lines.filter(Boolean).length;
  if (count > MOST_EXAMPLES) told.push(t("These are {count} examples; the limit is {limit}.", { count, limit: MOST_EXAMPLES }));
  return told.map((message) => ({ field: "examples", message }));
}
