/** Draws what changed in an article: what went is struck out, what came is underlined, what stayed is plain. */

import { changes, FIELDS } from "../lib/article.js";
import { difference, textDifference } from "../lib/difference.js";
import { h } from "../lib/dom.js";
import { sentence, t } from "../lib/words.js";

/** The space before a word is not part of the mark. @param {string} kind @param {string} text @returns {(Node|string)[]} */
function marked(kind, text) {
  if (kind === "same") return [text];
  const word = text.trimStart();
  return [text.slice(0, text.length - word.length), h(kind === "gone" ? "del" : "ins", {}, word)];
}

/** @param {string} before @param {string} after */
const textChange = (before, after) => h("p", { class: "difference", dir: "auto" }, ...textDifference(before, after).flatMap(({ kind, text }) => marked(kind, text)));

/** Only what came and went: a hundred examples that stayed say nothing. @param {string[]} before @param {string[]} after */
const listChange = (before, after) =>
  h("ul", { class: "difference", role: "list" },
    ...difference(before, after).filter(({ kind }) => kind !== "same").flatMap(({ kind, items }) => items.map((item) => h("li", { dir: "auto" }, ...marked(kind, item)))));

/** @param {boolean} is */
const stateOf = (is) => (is ? t("Published") : t("Not published"));

/** @type {Record<string, string>} */
export const NAMES = { title: sentence("Title"), topic: sentence("Topic"), answer: sentence("Answer"), examples: sentence("Other ways to ask"), published: sentence("State") };

/** How a field reads. @param {string} field @param {any} article @returns {HTMLElement} */
export function shown(field, article) {
  const value = article[field];
  if (field === "examples") return h("ul", { class: "difference", role: "list" }, ...value.map((/** @type {string} */ each) => h("li", { dir: "auto" }, each)));
  return h("p", { class: "difference", dir: "auto" }, field === "published" ? stateOf(value) : value);
}

/** How a field has changed. @param {string} field @param {any} before @param {any} after */
function change(field, before, after) {
  if (field === "examples") return listChange(before.examples, after.examples);
  if (field === "published") return textChange(stateOf(before.published), stateOf(after.published));
  return textChange(before[field], after[field]);
}

/** What is another: its name, and how. @param {any} before @param {any} after @returns {[string, HTMLElement][]} */
export const changesBetween = (before, after) => FIELDS.filter((field) => field in changes(before, after)).map((field) => [t(NAMES[field]), change(field, before, after)]);

/** All that a version said. @param {any} article @returns {[string, HTMLElement][]} */
export const whole = (article) => FIELDS.filter((field) => String(article[field])).map((field) => [t(NAMES[field]), shown(field, article)]);

/** @param {[string, HTMLElement][]} told */
export const changeList = (told) => h("dl", { class: "changes" }, ...told.flatMap(([name, how]) => [h("dt", {}, name), h("dd", {}, how)]));
