/** The ticks of the tour: kept, and nothing else believed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ForgetfulStorage } from "../../src/csts/web/static/js/lib/outbox.js";
import { Ticks } from "../../src/csts/web/static/js/lib/tour.js";

const STOPS = ["F1", "F2", "N1"];
const ticks = (storage) => new Ticks({ storage, stops: STOPS });

test("what was ticked off is there the next time", () => {
  const storage = new ForgetfulStorage();
  const first = ticks(storage);
  first.set("F1", true);
  first.set("N1", true);
  first.set("F1", false);
  assert.deepEqual([...ticks(storage).done], ["N1"]);
});

test("starting over forgets all of it", () => {
  const storage = new ForgetfulStorage();
  ticks(storage).set("F2", true);
  ticks(storage).clear();
  assert.equal(ticks(storage).done.size, 0);
});

for (const kept of ["[", "{}", "7", '["Z9", 4]']) {
  test(`what is kept may be damaged: ${kept}`, () => {
    const storage = new ForgetfulStorage();
    storage.setItem("csts:tour", kept);
    assert.equal(ticks(storage).done.size, 0);
  });
}

test("a full device keeps the ticks until the page is closed", () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  };
  const first = ticks(full);
  first.set("F1", true);
  assert.deepEqual([...first.done], ["F1"]);
});
