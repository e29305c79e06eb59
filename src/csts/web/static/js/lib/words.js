/** The words of the page in the reader's language. The English sentence is the key, and the answer where nothing better is known. */

import { formatOf } from "./formats.js";
import { page } from "./page.js";

/**
 * @param {Record<string, string|string[]>} words one text a key, or [one, many] where a number decides
 * @param {string} locale
 */
export function speak(words, locale) {
  const fill = (/** @type {string} */ text, /** @type {Record<string, unknown>} */ params) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));

  return {
    t(/** @type {string} */ key, /** @type {Record<string, unknown>} */ params = {}) {
      const found = words[key];
      return fill(typeof found === "string" ? found : (found?.[0] ?? key), params);
    },
    tn(/** @type {string} */ one, /** @type {string} */ many, /** @type {number} */ count, params = {}) {
      const forms = words[one];
      const [single, several] = Array.isArray(forms) ? forms : [one, many];
      return fill(formatOf("PluralRules", locale).select(count) === "one" ? single : several, { count: number(count, locale), ...params });
    },
  };
}

/** @param {number} value */
export const number = (value, locale = page.locale) => formatOf("NumberFormat", locale).format(value);

/** A share of one: "93 %". @param {number} value */
export const percent = (value, locale = page.locale) => formatOf("NumberFormat", locale, { style: "percent", maximumFractionDigits: 0 }).format(value);

const spoken = speak(page.words, page.locale);

/** `t("Hello {name}", {name})`. */
export const t = spoken.t;

/** `tn("{count} file", "{count} files", 3)`. */
export const tn = spoken.tn;

/** Marks a sentence that is translated later, by `t(variable)`. @param {string} text */
export const sentence = (text) => text;

/** A size for people: "6.2 MB". The limit is counted in 1024s, so the size is too. */
export function size(/** @type {number} */ bytes, locale = page.locale) {
  const unit = bytes >= 1024 * 1024 ? "megabyte" : "kilobyte";
  const value = bytes / (unit === "megabyte" ? 1024 * 1024 : 1024);
  // Nobody has a file of 0 kB.
  const shown = unit === "kilobyte" ? Math.max(1, value) : value;
  const digits = unit === "megabyte" && value < 100 ? 1 : 0;
  return formatOf("NumberFormat", locale, { style: "unit", unit, maximumFractionDigits: digits }).format(shown);
}
