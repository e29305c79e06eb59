/** What changed between two texts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { difference, textDifference, wordsOf } from "../../src/csts/web/static/js/lib/difference.js";

const told = (before, after) => textDifference(before, after).map(({ kind, text }) => `${kind}:${text}`);

test("words that stayed are told as they stand, with their spaces and lines", () => {
  assert.deepEqual(told("Try another card.\nThen call us.", "Try a third card.\nThen call us."), ["same:Try", "gone: another", "new: a third", "same: card.\nThen call us."]);
});

test("before and after can be read out of it", () => {
  const before = "one  two three\n\nfour five";
  const after = "zero one three\nfour\nfive six ";
  const pieces = textDifference(before, after);
  const without = (kind) => pieces.filter((piece) => piece.kind !== kind).map(({ text }) => text).join("");
  assert.equal(without("new"), before);
  assert.equal(without("gone"), after);
});

test("nothing became something, and something nothing", () => {
  assert.deepEqual(told("", "new text"), ["new:new text"]);
  assert.deepEqual(told("old text", ""), ["gone:old text"]);
  assert.deepEqual(told("", ""), []);
  assert.deepEqual(told("same", "same"), ["same:same"]);
});

test("a text of another script is still in whole words", () => {
  assert.deepEqual(wordsOf("Грüße 你好 \n"), ["Грüße", " 你好", " \n"]);
});

test("two long texts without a word in common are told as replaced", () => {
  const long = (word) => Array.from({ length: 5000 }, (_, number) => `${word}${number}`);
  assert.deepEqual(difference(long("a"), long("b")).map(({ kind, items }) => [kind, items.length]), [["gone", 5000], ["new", 5000]]);
});
