/** What somebody edits while others may do so as well: what was changed, and what becomes of it when two write at once. */

/**
 * What articles and rules differ in. `said` tells a field's value in words: a text, or a list of them.
 * @typedef {{fields: string[], names: Record<string, string>, nobody: string, said: (field: string, value: any) => string|string[]}} Kind
 */

/** @param {any} one @param {any} other */
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Only these fields, out of something larger. @param {string[]} fields @param {any} source @returns {any} */
export const pick = (fields, source) => Object.fromEntries(fields.map((field) => [field, source[field]]));

/** The fields in which `mine` differs. @param {string[]} fields @param {any} base @param {any} mine @returns {any} */
export const changes = (fields, base, mine) => pick(fields.filter((field) => !same(base[field], mine[field])), mine);

/**
 * Both began with `base`. What only one of them changed is taken from him; where both did, mine stays and is named in `clashes`.
 * @param {string[]} fields @param {any} base @param {any} mine @param {any} theirs @returns {{both: any, clashes: string[]}}
 */
export function merged(fields, base, mine, theirs) {
  const touched = new Set(Object.keys(changes(fields, base, mine)));
  const clashes = fields.filter((field) => touched.has(field) && !same(base[field], theirs[field]) && !same(mine[field], theirs[field]));
  return { both: Object.fromEntries(fields.map((field) => [field, touched.has(field) ? mine[field] : theirs[field]])), clashes };
}
