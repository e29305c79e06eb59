/** What is told late does not hide what came after it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { TicketList, viewOf } from "../../src/csts/web/static/js/lib/desk.js";
import { isFresh } from "../../src/csts/web/static/js/lib/fresh.js";

const at = (updated_at, more = {}) => ({ id: 1, status: "open", agent: null, created_at: "2026-01-01T00:00:00Z", updated_at, ...more });

test("a whole second and its fraction are compared as moments, not as text", () => {
  assert.equal(isFresh(at("2026-01-01T00:00:00.500000Z"), at("2026-01-01T00:00:00Z")), false);
  assert.equal(isFresh(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00.500000Z")), true);
  assert.equal(isFresh(at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z")), true);
  assert.equal(isFresh(null, at("2026-01-01T00:00:00Z")), true);
});

test("a row that was overtaken leaves the list as it is", () => {
  const list = new TicketList(viewOf(new URLSearchParams()), 7);
  list.load({ items: [at("2026-01-02T00:00:00Z", { subject: "new" })], next_cursor: null });
  list.take(at("2026-01-01T12:00:00Z", { subject: "old" }), true);
  assert.equal(list.rows[0].subject, "new");
});
