import assert from "node:assert/strict";
import { test } from "node:test";
import { isPicture, refusal, shares } from "../../src/csts/web/static/js/lib/pictures.js";

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const GIF = new Uint8Array([0x47, 0x49, 0x46, 0x38]);
const LIMITS = { max_bytes: 4 * 1024 * 1024 };

test("the first bytes decide, not the name", () => {
  assert.ok(isPicture(PNG));
  assert.match(refusal({ name: "a.png", size: 10 }, GIF, LIMITS) ?? "", /a\.png is not a PNG/);
});

test("exactly the limit is taken, one byte more is not", () => {
  assert.equal(refusal({ name: "a.png", size: LIMITS.max_bytes }, PNG, LIMITS), null);
  assert.match(refusal({ name: "a.png", size: LIMITS.max_bytes + 1 }, PNG, LIMITS) ?? "", /The limit is 4 MB/);
});

test("an empty file is called empty", () => {
  assert.equal(refusal({ name: "a.png", size: 0 }, new Uint8Array(), LIMITS), "a.png is empty.");
});

test("progress fills one file after the other", () => {
  assert.deepEqual(shares([100, 50], 0), [0, 0]);
  assert.deepEqual(shares([100, 50], 125), [1, 0.5]);
  assert.deepEqual(shares([100, 50], 999), [1, 1]);
});
