import assert from "node:assert/strict";
import { test } from "node:test";

import { Meanwhile } from "../../src/csts/web/static/js/lib/meanwhile.js";

test("each answer comes with what was told since it was asked for, and until it was there", async () => {
  const meanwhile = new Meanwhile();
  const ends = [];
  const read = () => meanwhile.during(() => new Promise((resolve) => { ends.push(resolve); }));
  meanwhile.hear("before");
  const first = read();
  meanwhile.hear("one");
  const second = read();
  meanwhile.hear("two");
  ends[0]("older");
  assert.deepEqual(await first, { answer: "older", told: ["one", "two"] });
  meanwhile.hear("three");
  ends[1]("newer");
  assert.deepEqual(await second, { answer: "newer", told: ["two", "three"] });
});

test("a reading that fails says so, and listens no more", async () => {
  const meanwhile = new Meanwhile();
  await assert.rejects(meanwhile.during(async () => { throw new Error("offline"); }), /offline/);
  meanwhile.hear("after");
  const next = await meanwhile.during(async () => "answer");
  assert.deepEqual(next, { answer: "answer", told: [] });
});
