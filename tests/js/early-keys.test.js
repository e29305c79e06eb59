import assert from "node:assert/strict";
import { test } from "node:test";

import { EarlyKeys } from "../../src/csts/web/static/js/lib/early-keys.js";

/** @param {string} key */
const pressed = (key) => Object.assign(new Event("keydown"), { key });

test("keys are handed over in order, once, and none is kept behind that", () => {
  const page = new EventTarget();
  const early = new EarlyKeys();
  early.listen(page);
  for (const key of ["j", "j", "x"]) page.dispatchEvent(pressed(key));
  assert.deepEqual(early.take().map(({ key }) => key), ["j", "j", "x"]);
  page.dispatchEvent(pressed("z"));
  assert.deepEqual(early.take(), []);
});

test("who takes the mouse meanwhile waits for none of the keys before", () => {
  const page = new EventTarget();
  const early = new EarlyKeys();
  early.listen(page);
  page.dispatchEvent(pressed("e"));
  page.dispatchEvent(new Event("pointerdown"));
  page.dispatchEvent(pressed("j"));
  assert.deepEqual(early.take().map(({ key }) => key), ["j"]);
});
