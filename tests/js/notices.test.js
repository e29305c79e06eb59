/** What is worth a notice, and what only looks like it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { concerns, Ear } from "../../src/csts/web/static/js/lib/notices.js";

const ME = { kind: "agent", id: 7 };
const NOW = "2026-01-10T12:00:00Z";
const row = (id, more = {}) => ({
  id,
  ticket_no: `L1-${id}`,
  subject: "s",
  created_at: "2026-01-01T00:00:00Z",
  updated_at: NOW,
  unread: 0,
  customer: { id: 1, name: "Ana" },
  agent: null,
  last_message_preview: "",
  awaiting_reply: true,
  ...more,
});
const ear = (rows = [], me = ME) => {
  const made = new Ear(me);
  made.know(rows);
  return made;
};
/** The kinds of notice that these frames give. */
const heard = (listener, ...frames) => frames.map((frame) => listener.hear(frame)?.kind).filter(Boolean);
const told = (ticket) => ({ type: "ticket", ticket });
const counted = (id, unread) => ({ type: "unread", ticket_id: id, unread });

test("a message of the other side is one notice, each time", () => {
  const listener = ear([row(1)]);
  assert.deepEqual(heard(listener, told(row(1, { unread: 1 })), counted(1, 1)), ["message"]);
  assert.deepEqual(heard(listener, told(row(1, { unread: 2 })), counted(1, 2)), ["message"]);
});

test("reading, here or in another tab, is none", () => {
  assert.deepEqual(heard(ear([row(1, { unread: 3 })]), counted(1, 1), counted(1, 0)), []);
  assert.deepEqual(heard(ear([]), counted(9, 2)), []);
});

test("a colleague's answer and a change of status leave the count as it was, and are none", () => {
  const listener = ear([row(1, { unread: 2 })]);
  assert.deepEqual(heard(listener, told(row(1, { unread: 2, awaiting_reply: false })), counted(1, 2), told(row(1, { unread: 2, status: "closed" }))), []);
});

test("of a ticket that was never heard of, the last word and its moment decide", () => {
  assert.deepEqual(heard(ear([row(1)]), told(row(5, { unread: 2 })), counted(5, 2)), ["message"]);
  assert.deepEqual(heard(ear([row(1)]), told(row(5, { unread: 2, awaiting_reply: false })), counted(5, 2)), []);
  const noteOnly = row(5, { unread: 2, updated_at: "2026-01-09T00:00:00Z" });
  assert.deepEqual(heard(ear([row(1)]), told(noteOnly), counted(5, 2)), []);
});

test("a new ticket is a notice once, and what follows in it is counted on", () => {
  const fresh = row(9, { created_at: NOW });
  const listener = ear([]);
  assert.deepEqual(heard(listener, told(fresh), told({ ...fresh, priority: "high" })), ["opened"]);
  assert.deepEqual(heard(listener, told({ ...fresh, unread: 1 }), counted(9, 1)), ["message"]);
});

test("a ticket that is handed to me is a notice; one that I had already is none", () => {
  const mine = { agent: { id: ME.id, name: "me" } };
  assert.deepEqual(heard(ear([row(1)]), told(row(1, mine)), told(row(1, mine))), ["assigned"]);
});

test("to a customer only what was written to him is a notice", () => {
  const listener = ear([row(1)], { kind: "customer", id: 1 });
  assert.deepEqual(heard(listener, told(row(2, { created_at: NOW })), told(row(1, { agent: { id: 1, name: "Priya" } }))), []);
  assert.deepEqual(heard(listener, told(row(1, { unread: 1, awaiting_reply: false })), counted(1, 1)), ["message"]);
  assert.deepEqual(heard(listener, told(row(3, { unread: 1, awaiting_reply: true })), counted(3, 1)), []);
});

test("an agent says whose tickets he wants to hear of", () => {
  const whose = { mine: row(1, { agent: { id: 7, name: "me" } }), nobody: row(2), theirs: row(3, { agent: { id: 8, name: "Sam" } }) };
  const heardOf = (about) => Object.keys(whose).filter((key) => concerns({ kind: "message", row: whose[key] }, { notify_about: about }, ME));
  assert.deepEqual(heardOf("mine"), ["mine"]);
  assert.deepEqual(heardOf("unassigned"), ["mine", "nobody"]);
  assert.deepEqual(heardOf("all"), ["mine", "nobody", "theirs"]);
  assert.equal(concerns({ kind: "message", row: whose.theirs }, { notify_about: "mine" }, { kind: "customer", id: 1 }), true);
});

test("a mention is a notice once, and none when it has been seen", () => {
  const listener = ear([row(1)]);
  const mention = (at, seen) => ({ type: "mention", ticket: row(1, { mentioned: { by: { id: 8, name: "Sam" }, at, seen } }), unseen: 1 });
  assert.deepEqual(heard(listener, mention(NOW, false), mention(NOW, false), mention(NOW, true)), ["mentioned"]);
  assert.deepEqual(heard(listener, mention("2026-01-10T12:05:00Z", false)), ["mentioned"]);
  assert.equal(concerns({ kind: "mentioned", row: row(3, { agent: { id: 8, name: "Sam" } }) }, { notify_about: "mine" }, ME), true);
});
