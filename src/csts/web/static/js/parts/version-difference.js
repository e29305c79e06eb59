/** Draws what changed from one version to another: what went is struck out, what came is underlined, what stayed is plain. */

import { difference, textDifference } from "../lib/difference.js";
import { h } from "../lib/dom.js";
import { changes } from "../lib/versions.js";
import { t } from "../lib/words.js";

/** @typedef {import("../lib/versions.js").Kind} Kind */

/** The space before a word is not part of the mark. @param {string} kind @param {string} text @returns {(Node|string)[]} */
function marked(kind, text) {
  if (kind === "same") return [text];
  const word = text.trimStart();
  return [text.slice(0, text.length - word.length), h(kind === "gone" ? "del" : "ins", {}, word)];
}

/** @param {string} before @param {string} after */
const textChange = (before, after) => h("p", { class: "difference", dir: "auto" }, ...textDifference(before, after).flatMap(({ kind, text }) => marked(kind, text)));

/** Only what came and went: a hundred lines that stayed say nothing. @param {string[]} before @param {string[]} after */
const listChange = (before, after) =>
  h("ul", { class: "difference", role: "list" },
    ...difference(before, after).filter(({ kind }) => kind !== "same").flatMap(({ kind, items }) => items.map((item) => h("li", { dir: "auto" }, ...marked(kind, item)))));

/** How a field reads. @param {Kind} kind @param {string} field @param {any} version @returns {HTMLElement} */
export function shown(kind, field, version) {
  const said = kind.said(field, version[field]);
  if (Array.isArray(said)) return h("ul", { class: "difference", role: "list" }, ...said.map((each) => h("li", { dir: "auto" }, each)));
  return h("p", { class: "difference", dir: "auto" }, said);
}

/** How a field has changed. @param {string|string[]} before @param {string|string[]} after */
const change = (before, after) => (Array.isArray(before) && Array.isArray(after) ? listChange(before, after) : textChange(String(before), String(after)));

/** What is another: its name, and how. @param {Kind} kind @param {any} before @param {any} after @returns {[string, HTMLElement][]} */
export const changesBetween = (kind, before, after) =>
  Object.keys(changes(kind.fields, before, after)).map((field) => [t(kind.names[field]), change(kind.said(field, before[field]), kind.said(field, after[field]))]);

/** All that a version said. @param {Kind} kind @param {any} version @returns {[string, HTMLElement][]} */
export const whole = (kind, version) => kind.fields.filter((field) => kind.said(field, version[field]).length).map((field) => [t(kind.names[field]), shown(kind, field, version)]);

/** @param {[string, HTMLElement][]} told */
export const changeList = (told) => h("dl", { class: "changes" }, ...told.flatMap(([name, how]) => [h("dt", {}, name), h("dd", {}, how)]));
