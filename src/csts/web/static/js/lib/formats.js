/** How a browser writes numbers, dates and lists in a language. */

/** @type {Map<string, any>} */
const formats = new Map();

/**
 * A format of `Intl` by its name; it is made once, for that takes longer than a hundred uses, and the first one of a kind
 * longer than a frame.
 * @param {"DateTimeFormat"|"ListFormat"|"NumberFormat"|"PluralRules"|"RelativeTimeFormat"} name
 * @param {string} locale
 * @param {any} options
 */
export function formatOf(name, locale, options = {}) {
  const key = [name, locale, JSON.stringify(options)].join();
  if (!formats.has(key)) formats.set(key, new Intl[name](locale, options));
  return formats.get(key);
}
