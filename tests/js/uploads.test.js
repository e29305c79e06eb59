import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf, refusalOf } from "../../src/csts/web/static/js/lib/uploads.js";

const limits = { max: 5, max_bytes: 4 * 1024 * 1024, types: ["image/png", "image/jpeg", "application/pdf"] };
const file = (name, type, size = 1000) => ({ name, type, size });

test("each limit is named before anything is sent", () => {
  assert.equal(refusalOf(file("a.png", "image/png"), limits, 0), null);
  assert.deepEqual(refusalOf(file("a.png", "image/png", 6.2 * 1024 * 1024), limits, 0)[1], { name: "a.png", size: "6.2 MB", limit: "4 MB" });
  assert.match(refusalOf(file("a.gif", "image/gif"), limits, 0)[0], /not a PNG/u);
  assert.match(refusalOf(file("a.png", "image/png"), limits, 5)[0], /At most/u);
  assert.match(refusalOf(file("a.png", "image/png", 0), limits, 0)[0], /empty/u);
});

test("a missing type is taken from the name", () => {
  assert.equal(kindOf(file("Bill.PDF", "")), "application/pdf");
  assert.equal(kindOf(file("bill", "")), "");
});
