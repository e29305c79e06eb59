/** An article while it is edited, also by two at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { exampleComplaints, FIELDS, linesOf } from "../../src/csts/web/static/js/lib/article.js";
import { changes, merged, pick } from "../../src/csts/web/static/js/lib/versions.js";

const base = { title: "Card declined", topic: "card", answer: "Try another.", examples: ["why?"], published: true };

test("only what was changed is sent", () => {
  assert.deepEqual(changes(FIELDS, base, { ...base }), {});
  assert.deepEqual(changes(FIELDS, base, { ...base, title: "No", examples: ["why?", "how?"] }), { title: "No", examples: ["why?", "how?"] });
});

test("examples are one a line, and empty lines are none", () => {
  assert.deepEqual(linesOf(" why? \n\n\thow?\n"), ["why?", "how?"]);
});

test("what an article carries besides is no part of what is edited", () => {
  assert.deepEqual(pick(FIELDS, { ...base, id: 7, version: 3, updated_by: null }), base);
});

test("two who change different fields get both changes", () => {
  const { both, clashes } = merged(FIELDS, base, { ...base, title: "Mine" }, { ...base, answer: "Theirs" });
  assert.deepEqual(both, { ...base, title: "Mine", answer: "Theirs" });
  assert.deepEqual(clashes, []);
});

test("where both wrote, mine stays in the form and the field is named", () => {
  const { both, clashes } = merged(FIELDS, base, { ...base, answer: "Mine", title: "Same" }, { ...base, answer: "Theirs", title: "Same" });
  assert.equal(both.answer, "Mine");
  assert.deepEqual(clashes, ["answer"]);
});

test("a line that is too long is named by its number", () => {
  const [{ field, message }] = exampleComplaints(`why?\n\n${"x".repeat(501)}`);
  assert.equal(field, "examples");
  assert.equal(message, "Line 3 has 501 characters; the limit is 500.");
});

test("a thousand examples are enough", () => {
  assert.deepEqual(exampleComplaints("why?\n".repeat(1000)), []);
  assert.match(exampleComplaints("why?\n".repeat(1001))[0].message, /1001/);
});
