/** Mentions: the names in a text as the server reads them, and who is meant while one types. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Colleagues } from "../../src/csts/web/static/js/lib/colleagues.js";
import { meant, signAt, withMentions } from "../../src/csts/web/static/js/lib/mentions.js";

const CASES = JSON.parse(readFileSync(new URL("../mentions.json", import.meta.url), "utf8"));
const colleague = (username, name = username) => ({ id: 1, username, name, active: true, online: false });

test("a text is marked where the server finds a name, and stays the text that it was", () => {
  for (const [text, names] of CASES) {
    const pieces = withMentions(text, (username) => (names.includes(username) ? colleague(username) : null));
    const marked = pieces.filter((piece) => piece.colleague);
    assert.deepEqual([...new Set(marked.map((piece) => piece.colleague.username))], names, text);
    assert.ok(marked.every((piece) => piece.text.toLowerCase() === `@${piece.colleague.username}`), text);
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
  }
});

test("nobody is marked whom nobody knows", () => {
  assert.deepEqual(withMentions("Ask @marco.", () => null), [{ text: "Ask @marco.", colleague: null }]);
});

test("a name may end as a sentence does", () => {
  const dotted = colleague("sam.");
  assert.deepEqual(withMentions("@sam.", (username) => (username === "sam." ? dotted : null)), [{ text: "@sam.", colleague: dotted }]);
});

test("a sign opens the list where a name may begin, and nowhere else", () => {
  assert.deepEqual(signAt("@", 1), { start: 0, end: 1, query: "" });
  assert.deepEqual(signAt("Hi (@mar", 8), { start: 4, end: 8, query: "mar" });
  assert.deepEqual(signAt("Hi @jö and more", 6), { start: 3, end: 6, query: "jö" });
  for (const [text, caret] of [["ana@", 4], ["a/@", 3], ["@mar co", 7], ["@marco", 3], ["", 0], ["@@", 2], ["https://x.org/@m", 16]]) assert.equal(signAt(text, caret), null, text);
});

test("the username comes before the name, and its beginning before the rest", () => {
  const all = [colleague("kim", "Samira Kim"), colleague("amsam", "Am"), colleague("sam", "Zoë Sam"), colleague("joerg", "Jörg Öz")];
  assert.deepEqual(meant(all, "SAM").map(({ username }) => username), ["sam", "kim", "amsam"]);
  assert.deepEqual(meant(all, "oz").map(({ username }) => username), ["joerg"]);
  assert.deepEqual(meant(all, "zebra"), []);
  assert.equal(meant(all, "").length, 4);
});

test("colleagues tell when they are known, and find the active ones by username", async () => {
  const all = [colleague("sam"), { ...colleague("gone"), active: false }];
  const colleagues = new Colleagues(async () => all);
  let told = 0;
  colleagues.addEventListener("change", () => (told += 1));
  assert.equal(colleagues.named("sam"), null);
  await colleagues.load();
  await colleagues.load();
  assert.deepEqual([colleagues.named("sam"), colleagues.named("gone"), told], [all[0], null, 1]);
});
