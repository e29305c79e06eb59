/** Many tickets at once: what is chosen, what is asked, and what puts it back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isChanged, reasonsOf, requestsOf, Selection, undoOf } from "../../src/csts/web/static/js/lib/bulk.js";

const row = (id, more = {}) => ({ id, status: "open", priority: "medium", agent: null, ...more });
const done = (id, before, after) => ({ id, done: true, before, after });
const refused = (id, detail) => ({ id, done: false, problem: { code: "x", detail } });
const chosen = (selection) => [...selection.ids];

test("a range goes from the one that was chosen last, in either direction", () => {
  const selection = new Selection();
  selection.toggle(4);
  selection.extend([5, 4, 3, 2, 1], 2);
  assert.deepEqual(chosen(selection), [4, 3, 2]);
  selection.toggle(3);
  selection.extend([5, 4, 3, 2, 1], 5);
  assert.deepEqual(chosen(selection).sort(), [2, 3, 4, 5]);
});

test("a range without a beginning is the one row", () => {
  const selection = new Selection();
  selection.extend([3, 2, 1], 2);
  selection.extend([3, 1], 1);
  assert.deepEqual(chosen(selection), [2, 1]);
});

test("what has left the list is chosen no more", () => {
  const selection = new Selection();
  selection.set([1, 2, 3]);
  selection.keep([2, 9]);
  assert.deepEqual(chosen(selection), [2]);
});

test("each ticket is changed only as long as it looks as it did", () => {
  const rows = [row(1), row(2, { agent: { id: 7, name: "Sam" } }), row(3), row(4, { agent: { id: 5, name: "Me" } })];
  assert.deepEqual(requestsOf(rows, { agent_id: 5 }), [
    { ids: [1, 3], change: { agent_id: 5 }, expected: { agent_id: null } },
    { ids: [2], change: { agent_id: 5 }, expected: { agent_id: 7 } },
  ]);
});

test("many are asked for in portions, and nothing is asked where nothing would change", () => {
  const rows = Array.from({ length: 120 }, (_, at) => row(at + 1));
  assert.deepEqual(requestsOf(rows, { status: "closed" }).map(({ ids }) => ids.length), [50, 50, 20]);
  assert.deepEqual(requestsOf(rows, { priority: "medium" }), []);
});

test("tags are put on and taken off where that changes something", () => {
  const rows = [row(1, { tags: ["VIP"] }), row(2), row(3, { tags: ["refund", "vip"] })];
  assert.deepEqual(requestsOf(rows, { add_tags: ["vip"] }), [{ ids: [2], change: { add_tags: ["vip"] }, expected: {} }]);
  assert.deepEqual(requestsOf(rows, { remove_tags: ["vip"] }).map(({ ids }) => ids), [[1, 3]]);
});

test("undone is what was changed, and nothing else", () => {
  const outcomes = [done(1, { status: "open" }, { status: "closed" }), done(2, { status: "closed" }, { status: "closed" }), refused(3, "No.")];
  assert.deepEqual(outcomes.map(isChanged), [true, false, false]);
  assert.deepEqual(undoOf(outcomes), [{ items: [{ id: 1, before: { status: "open" }, after: { status: "closed" } }] }]);
  assert.deepEqual(undoOf([refused(3, "No.")]), []);
});

test("each reason is told once, with its tickets", () => {
  assert.deepEqual(reasonsOf([refused(1, "Gone."), done(2, {}, {}), refused(3, "Gone."), refused(4, "Moved.")]), [["Gone.", [1, 3]], ["Moved.", [4]]]);
});
