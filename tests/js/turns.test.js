import assert from "node:assert/strict";
import { test } from "node:test";

import { Turns } from "../../src/csts/web/static/js/lib/turns.js";

/** An act that says when it begins, and ends when it is told to. */
function acts() {
  const begun = [];
  const ends = {};
  const act = (name) => () => {
    begun.push(name);
    return new Promise((resolve, reject) => { ends[name] = { resolve: () => resolve(name), reject }; });
  };
  return { begun, ends, act };
}
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test("what is asked for while something else is under way is done behind it", async () => {
  const turns = new Turns();
  const { begun, ends, act } = acts();
  const first = turns.take("urgent", act("urgent"));
  const second = turns.take("claim", act("claim"));
  await settled();
  assert.deepEqual(begun, ["urgent"]);
  ends.urgent.resolve();
  assert.equal(await first, "urgent");
  await settled();
  assert.deepEqual(begun, ["urgent", "claim"]);
  let isSettled = false;
  turns.settled.then(() => (isSettled = true));
  await settled();
  assert.equal(isSettled, false);
  ends.claim.resolve();
  assert.equal(await second, "claim");
  await turns.settled;
  assert.equal(turns.isBusy, false);
});

test("there and back is done there and back", async () => {
  const turns = new Turns();
  const done = [];
  const set = (name) => turns.take(name, async () => done.push(name));
  await Promise.all([set("high"), set("low"), set("low"), set("high")]);
  assert.deepEqual(done, ["high", "low", "high"]);
});

test("the same is not done twice, and may be asked for again when it is done", async () => {
  const turns = new Turns();
  const { begun, ends, act } = acts();
  const first = turns.take("claim", act("claim"));
  assert.equal(await turns.take("claim", act("claim")), null);
  ends.claim.resolve();
  await first;
  turns.take("claim", act("claim"));
  await settled();
  assert.deepEqual(begun, ["claim", "claim"]);
});

test("what fails tells whoever asked for it, and holds up nothing", async () => {
  const turns = new Turns();
  const { begun, ends, act } = acts();
  const first = turns.take("urgent", act("urgent"));
  turns.take("claim", act("claim"));
  await settled();
  ends.urgent.reject(new Error("offline"));
  await assert.rejects(first, /offline/);
  await settled();
  assert.deepEqual(begun, ["urgent", "claim"]);
});
