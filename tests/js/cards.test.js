import assert from "node:assert/strict";
import { test } from "node:test";
import { counted, joined, placed, plainStatus } from "../../src/csts/web/static/js/lib/cards.js";

const row = (id, updated_at) => ({ id, updated_at, status: "open", unread: 0 });
const ids = (rows) => rows.map(({ id }) => id);

test("a state is told from the customer's side", () => {
  const word = (status, awaiting_reply) => plainStatus({ status, awaiting_reply }).word;
  assert.equal(word("open", true), "Open");
  assert.equal(word("in_progress", false), "We replied");
  assert.equal(word("waiting", false), "Waiting for you");
  assert.equal(word("resolved", false), "Solved");
  assert.equal(word("closed", true), "Solved");
  assert.equal(plainStatus({ status: "closed", merged_into: { id: 7 } }).word, "Merged");
});

test("a renewed row moves to the top and is there once", () => {
  const rows = [row(2, "2026-11-02"), row(1, "2026-11-01")];
  assert.deepEqual(ids(placed(rows, row(1, "2026-11-03"))), [1, 2]);
});

test("an older page brings no row twice and does not overwrite what is newer", () => {
  const rows = [row(2, "2026-11-04"), row(1, "2026-11-03")];
  const all = joined(rows, [row(2, "2026-11-02"), row(3, "2026-11-01")]);
  assert.deepEqual(all.map(({ id, updated_at }) => [id, updated_at]), [[2, "2026-11-04"], [1, "2026-11-03"], [3, "2026-11-01"]]);
});

test("an unread count touches its own row only", () => {
  assert.deepEqual(counted([row(1, ""), row(2, "")], 2, 5).map(({ unread }) => unread), [0, 5]);
});
