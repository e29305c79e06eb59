/** Asking while somebody types: few questions, and only the last answer counts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Asking } from "../../src/csts/web/static/js/lib/asking.js";

/** Questions that are answered when the test says so. */
function questions() {
  const asked = [];
  const shown = [];
  const failed = [];
  const ask = (text, signal) => new Promise((resolve, reject) => asked.push({ text, signal, resolve, reject }));
  const asking = new Asking({ ask, take: (answer, text) => shown.push([text, answer]), fail: (failure) => failed.push(failure.message), delay: 400 });
  return { asked, shown, failed, asking };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("it waits until nothing more is typed", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, asking } = questions();
  asking.soon("c");
  context.mock.timers.tick(399);
  asking.soon("card");
  context.mock.timers.tick(399);
  assert.equal(asked.length, 0);
  context.mock.timers.tick(1);
  assert.deepEqual(asked.map(({ text }) => text), ["card"]);
});

test("the same is not asked twice, nor what is shown already", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, asking } = questions();
  asking.known("card");
  asking.soon("card");
  asking.soon("cards");
  asking.soon("card");
  context.mock.timers.tick(400);
  assert.equal(asked.length, 0);
});

test("an answer that was overtaken is not shown, and its request is given up", async () => {
  const { asked, shown, asking } = questions();
  asking.now("card");
  asking.now("card lost");
  assert.ok(asked[0].signal.aborted);
  asked[1].resolve("new");
  await settled();
  asked[0].resolve("old");
  await settled();
  assert.deepEqual(shown, [["card lost", "new"]]);
});

test("after a failure the same may be asked again", async () => {
  const { asked, failed, asking } = questions();
  asking.now("card");
  asked[0].reject(new Error("offline"));
  await settled();
  assert.deepEqual(failed, ["offline"]);
  asking.now("card");
  assert.equal(asked.length, 2);
});

test("the failure of what was overtaken is nobody's concern", async () => {
  const { asked, failed, asking } = questions();
  asking.now("card");
  asking.now("card lost");
  asked[0].reject(new Error("aborted"));
  await settled();
  assert.deepEqual(failed, []);
});
