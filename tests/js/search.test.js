/** What is worth asking, and how a text is cut at its marks. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isRanked, requestOf, TicketList, viewOf } from "../../src/csts/web/static/js/lib/desk.js";
import { isTooShort, partsOf } from "../../src/csts/web/static/js/lib/search.js";

const VIEW = viewOf(new URLSearchParams());

test("a search needs a word of two letters, a number, or a sign of a script in which one is a word", () => {
  for (const text of ["", "  ", "a", "*", "% _ '", "a b c", '"']) assert.equal(isTooShort(text), true, text);
  for (const text of ["ab", "7", "a card", "重", "я", "🙂", "L1-000123", "%ab%"]) assert.equal(isTooShort(text), false, text);
});

test("a text is cut at its marks, and put together it is the same text", () => {
  assert.deepEqual(partsOf("a fire here", [[2, 6]]), [
    { text: "a ", isMarked: false },
    { text: "fire", isMarked: true },
    { text: " here", isMarked: false },
  ]);
  assert.deepEqual(partsOf("fire", [[0, 4]]), [{ text: "fire", isMarked: true }]);
  assert.deepEqual(partsOf("plain", []), [{ text: "plain", isMarked: false }]);
  assert.deepEqual(partsOf("", []), []);
});

test("marks that fit nowhere leave the text whole", () => {
  for (const marks of [[[3, 99]], [[2, 2]], [[4, 1]], [[0, 3], [1, 2]]]) {
    const parts = partsOf("abcde", /** @type {any} */ (marks));
    assert.equal(parts.map(({ text }) => text).join(""), "abcde");
  }
});

test("a search is asked without an order until somebody chooses one", () => {
  assert.equal(requestOf({ ...VIEW, q: "card" }).get("sort"), null);
  assert.equal(requestOf({ ...VIEW, q: "card", sort: "-priority" }).get("sort"), "-priority");
  assert.equal(requestOf(VIEW).get("sort"), "-updated_at");
  assert.equal(isRanked({ ...VIEW, q: "card" }), true);
});

test("what a search has found keeps its order and its marks when a row changes", () => {
  const row = (id, more = {}) => ({ id, status: "open", updated_at: `2026-01-0${id}T00:00:00Z`, agent: null, found: { text: `words ${id}` }, ...more });
  const list = new TicketList({ ...VIEW, q: "words" }, 7);
  list.load(/** @type {any} */ ({ items: [row(1), row(3), row(2)], next_cursor: null, partial: true }));
  list.take(/** @type {any} */ (row(2, { updated_at: "2026-02-01T00:00:00Z", subject: "new", found: undefined })), true);
  assert.deepEqual(list.rows.map(({ id }) => id), [1, 3, 2]);
  assert.deepEqual(list.rows[2].found, { text: "words 2" });
  assert.equal(list.rows[2].subject, "new");
  assert.equal(list.partial, true);
});
