/** Canned replies: which one is meant, what fills their blanks, what a macro does, and when they are read anew. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { afterOf, EMPTY, effects, filled, matching, placeholderComplaints, slashAt, valuesOf } from "../../src/csts/web/static/js/lib/canned.js";
import { CannedReplies } from "../../src/csts/web/static/js/lib/canned-replies.js";

const ticket = { ticket_no: "L1-000123", subject: "Costs {{agent.name}} $& a lot", customer: { name: " Ana María Ruiz" } };
const values = valuesOf(ticket, { name: "Priya Nair" });
const reply = (id, shortcut, changes = {}) => ({ ...EMPTY, id, shortcut, title: "Hello", text: "Hi.", shared: true, ...changes });

test("blanks are filled with names and numbers, once", () => {
  assert.equal(filled("Hi {{customer.first_name}}, {{ agent.first_name }} here.", values), "Hi Ana, Priya here.");
  assert.equal(filled("{{ticket.number}}: {{ticket.subject}}", values), "L1-000123: Costs {{agent.name}} $& a lot");
});

test("a blank without a value leaves nothing ugly behind", () => {
  const none = valuesOf(null, { name: "Priya Nair" });
  assert.equal(filled("Hi {{customer.first_name}}, how are you?", none), "Hi, how are you?");
  assert.equal(filled("Thanks!\n{{customer.name}}, all is well.", none), "Thanks!\nall is well.");
  assert.equal(filled("About {{ticket.subject}}.\nBye", none), "About.\nBye");
});

test("what is no blank stays as it is", () => {
  for (const text of ["{{}}", "{{customer.nmae}}", "{ {customer.name} }", "{{ {{", "{{constructor}}", "a { b }"]) assert.equal(filled(text, values), text);
});

test("a misspelt blank is named before anything is sent", () => {
  assert.deepEqual(placeholderComplaints("Hi {{ customer.name }}"), []);
  const [{ field, message }] = placeholderComplaints("Hi {{customer.nmae}}");
  assert.equal(field, "text");
  assert.match(message, /\{\{customer\.nmae\}\}/u);
});

test("a slash opens the list at the start of a line or behind white space, and nowhere else", () => {
  assert.deepEqual(slashAt("/", 1), { start: 0, end: 1, query: "" });
  assert.deepEqual(slashAt("Hi\n/re", 6), { start: 3, end: 6, query: "re" });
  assert.deepEqual(slashAt("Hi /re and more", 6), { start: 3, end: 6, query: "re" });
  for (const [text, caret] of [["and/or", 6], ["http://", 7], ["/etc/hosts", 10], ["/re x", 5], ["/refund", 3], ["", 0], ["//", 2]]) assert.equal(slashAt(text, caret), null, text);
});

test("the shortcut comes before the title, the title before the text, one's own before the shared", () => {
  const all = [reply(1, "late", { text: "Your refund is late." }), reply(2, "money", { title: "Where the refund is" }), reply(3, "refund"), reply(4, "refunds", { shared: false }), reply(5, "refunded")];
  assert.deepEqual(matching(all, "refund").map(({ id }) => id), [3, 4, 5, 2, 1]);
  assert.deepEqual(matching(all, "REFÚND where").map(({ id }) => id), [2]);
  assert.deepEqual(matching(all, "zebra"), []);
  assert.deepEqual(matching(all, "").map(({ id }) => id), [4, 1, 2, 3, 5]);
});

test("a macro says what it does, and a reply does nothing", () => {
  assert.equal(afterOf(reply(1, "hi")), null);
  const macro = reply(2, "done", { status: "resolved", priority: "high", assign: true });
  assert.deepEqual(afterOf(macro), { status: "resolved", priority: "high", assign: true });
  assert.equal(effects(macro), "Reply · Resolved · High · Assign to me");
  assert.equal(effects({ ...macro, text: "" }, "Note"), "Resolved · High · Assign to me");
});

test("all pages are read at once, and again when that was a while ago or something was changed", async () => {
  let now = 0;
  const asked = [];
  const pages = { null: { items: [1], next_cursor: "x" }, x: { items: [2], next_cursor: null } };
  const replies = new CannedReplies(async (cursor) => (asked.push(cursor), pages[String(cursor)]), () => now);
  assert.deepEqual(await Promise.all([replies.load(), replies.load()]), [[1, 2], [1, 2]]);
  now = 4000;
  await replies.load();
  assert.deepEqual(asked, [null, "x"]);
  now = 6000;
  await replies.load();
  assert.equal(asked.length, 4);
  replies.stale();
  await replies.load();
  assert.equal(asked.length, 6);
});

test("what is known stays when it cannot be read anew", async () => {
  const answers = [async () => ({ items: [1], next_cursor: null }), async () => Promise.reject(new Error("offline"))];
  const replies = new CannedReplies(() => answers.shift()());
  await replies.load();
  replies.stale();
  await assert.rejects(replies.load());
  assert.deepEqual([replies.all, replies.isKnown], [[1], true]);
});
