import assert from "node:assert/strict";
import { test } from "node:test";

import { firstUnread, layOut, withLinks } from "../../src/csts/web/static/js/lib/thread-layout.js";

const priya = { kind: "agent", id: 1 };
const ana = { kind: "customer", id: 1 };
const desk = { kind: "system", id: 0 };
const entry = (seq, sender, timestamp, more = {}) => ({ key: `m${seq}`, state: "sent", message: { seq, sender, timestamp, ...more } });
const shape = (rows) => rows.map((row) => row.type + (row.type === "message" && row.first ? "+" : ""));

test("one author within five minutes is one group; a note, an event and a day break it", () => {
  const rows = layOut([
    entry(1, desk, "2026-03-01T10:00:00"),
    entry(2, ana, "2026-03-01T10:00:00"),
    entry(3, ana, "2026-03-01T10:04:00"),
    entry(4, ana, "2026-03-01T10:10:00"),
    entry(5, priya, "2026-03-01T10:10:01"),
    entry(6, priya, "2026-03-01T10:10:02", { internal: true }),
    entry(7, priya, "2026-03-02T00:00:01", { internal: true }),
  ]);
  assert.deepEqual(shape(rows), ["day", "event", "message+", "message", "message+", "message+", "message+", "day", "message+"]);
});

test("failed messages are never grouped", () => {
  const failed = { ...entry(null, ana, "2026-03-01T10:01:00"), state: "failed" };
  assert.deepEqual(shape(layOut([entry(1, ana, "2026-03-01T10:00:00"), failed])), ["day", "message+", "message+"]);
});

test("the New line stands before the first unread message of the others", () => {
  const entries = [entry(1, desk, "2026-03-01T10:00:00"), entry(2, ana, "2026-03-01T10:00:00"), entry(3, priya, "2026-03-01T10:00:00")];
  const from = firstUnread(entries, 1, (message) => message.sender.kind === "agent");
  assert.equal(from, 3);
  assert.deepEqual(shape(layOut(entries, { newFrom: from })), ["day", "event", "message+", "new", "message+"]);
  assert.equal(firstUnread(entries, 3, () => true), null);
  assert.equal(firstUnread(entries, 3, () => true, 1), entries.at(-1).message.seq, "set back");
});

test("web addresses become links, and the full stop after one does not", () => {
  assert.deepEqual(withLinks("See https://example.com/a?b=1. Now"), [
    { text: "See " }, { text: "https://example.com/a?b=1", href: "https://example.com/a?b=1" }, { text: ". Now" },
  ]);
  assert.deepEqual(withLinks("javascript:alert(1) <b>"), [{ text: "javascript:alert(1) <b>" }]);
});
