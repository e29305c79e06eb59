import assert from "node:assert/strict";
import { test } from "node:test";

import { Thread } from "../../src/csts/web/static/js/lib/thread.js";

const ana = { kind: "customer", id: 1, name: "Ana" };
const priya = { kind: "agent", id: 1, name: "Priya" };
const message = (seq, { sender = priya, client_id = `c${seq}`, content = `text ${seq}` } = {}) => ({
  id: 100 + seq, seq, client_id, sender, content, timestamp: "2026-03-01T10:00:00Z", attachments: [],
});
const draft = (client_id) => ({ client_id, content: "mine", attachments: [], timestamp: "2026-03-01T10:00:00Z" });
const seqs = (thread) => thread.entries().map((entry) => entry.message.seq);

test("messages stand in the order of their numbers, however they arrive", () => {
  const thread = new Thread(ana);
  thread.addAll([message(3), message(1), message(2)]);
  assert.deepEqual(seqs(thread), [1, 2, 3]);
});

test("the same message twice is shown once", () => {
  const thread = new Thread(ana);
  assert.equal(thread.add(message(1)), true);
  assert.equal(thread.add(message(1)), false);
  assert.deepEqual(seqs(thread), [1]);
});

test("a pending message stays last until its number is known, then keeps its key", () => {
  const thread = new Thread(ana);
  thread.addPending(draft("x"));
  thread.add(message(1));
  assert.deepEqual(seqs(thread), [1, null]);
  const [key] = thread.pending.map((entry) => entry.key);
  thread.add(message(2, { sender: ana, client_id: "x" }));
  assert.equal(thread.entries().at(-1).key, key);
  assert.deepEqual(thread.pending, []);
});

test("the answer and the event may come in either order", () => {
  const thread = new Thread(ana);
  thread.add(message(1, { sender: ana, client_id: "x" }));
  assert.equal(thread.addPending(draft("x")), false);
  thread.add(message(1, { sender: ana, client_id: "x" }));
  assert.deepEqual(seqs(thread), [1]);
});

test("somebody else's client id confirms nothing of mine", () => {
  const thread = new Thread(ana);
  thread.addPending(draft("x"));
  thread.add(message(1, { client_id: "x" }));
  assert.equal(thread.pending.length, 1);
});

test("what takes too long is overdue and not failed, and what failed is not overdue", () => {
  const thread = new Thread(ana);
  thread.addPending({ client_id: "x", content: "hello", attachments: [], timestamp: "2026-03-01T10:00:00Z" });
  assert.equal(thread.overdue("x"), true);
  assert.deepEqual(thread.pending.map(({ state }) => state), ["overdue"]);
  thread.fail("x", "No way.");
  assert.equal(thread.overdue("x"), false);
  assert.deepEqual(thread.pending.map(({ state }) => state), ["failed"]);
});

test("a failed message keeps its text and can be tried again or deleted", () => {
  const thread = new Thread(ana);
  thread.addPending(draft("x"));
  thread.fail("x", "No way.");
  assert.deepEqual(thread.pending.map((entry) => [entry.state, entry.problem]), [["failed", "No way."]]);
  thread.addPending(draft("x"));
  assert.deepEqual(thread.pending.map((entry) => entry.state), ["sending"]);
  assert.equal(thread.discard("x"), true);
  assert.deepEqual(thread.entries(), []);
});

test("every hole is named, up to the number that the server knows", () => {
  const thread = new Thread(ana);
  thread.addAll([message(5), message(8), message(9)]);
  assert.deepEqual(thread.gaps(12), [{ after: 5, before: 8 }, { after: 9, before: 13 }]);
  assert.equal(thread.contiguous, 5);
  thread.addAll([message(6), message(7)]);
  assert.deepEqual(thread.gaps(9), []);
  assert.equal(thread.contiguous, 9);
});

test("what is missing between the first page and the first message held is a hole as well", () => {
  const thread = new Thread(ana);
  thread.floor = 0;
  thread.add(message(3));
  assert.deepEqual(thread.gaps(3), [{ after: 0, before: 3 }]);
  assert.equal(thread.contiguous, 0);
});

test("an empty thread has no numbers and no holes", () => {
  const thread = new Thread(ana);
  assert.deepEqual([thread.newest, thread.contiguous, thread.gaps(3)], [null, null, []]);
});

test("news is what others have said since the last asking, each once, whichever comes first and however much is one's own", () => {
  const thread = new Thread(ana);
  const said = (seq, kind) => thread.add({ id: seq, seq, client_id: `c${seq}`, sender: { kind, id: 1, name: kind }, content: String(seq) });
  const news = () => thread.news().map(({ seq }) => seq);
  said(5, "agent");
  assert.deepEqual(news(), []);
  said(8, "system");
  said(9, "customer");
  assert.deepEqual(news(), []);
  said(7, "agent");
  said(6, "assistant");
  said(7, "agent");
  said(4, "agent");
  assert.deepEqual(news(), [6, 7]);
  assert.deepEqual(news(), []);
});
