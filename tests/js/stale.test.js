import assert from "node:assert/strict";
import { test } from "node:test";

import { authorsOf, newsBehind } from "../../src/csts/web/static/js/lib/stale.js";

const sam = { kind: "agent", id: 2, name: "Sam" };
const entry = (seq, sender, more = {}) => ({ own: false, state: "sent", message: { seq, sender }, ...more });

test("news are what others wrote behind a number: not one's own, not on its way, not of the system", () => {
  const entries = [
    entry(1, sam),
    entry(2, { kind: "system", id: 0, name: "Desk" }),
    entry(3, { kind: "agent", id: 1, name: "Priya" }, { own: true }),
    entry(4, { kind: "customer", id: 2, name: "Ana" }),
    entry(5, sam),
    entry(6, sam),
    entry(null, { kind: "assistant", id: 0, name: "Assistant" }, { state: "drafting" }),
  ];
  assert.deepEqual(newsBehind(entries, 1).map(({ seq }) => seq), [4, 5, 6]);
  assert.deepEqual(authorsOf(newsBehind(entries, 1)).map(({ name }) => name), ["Ana", "Sam"]);
  assert.deepEqual(newsBehind(entries, 6), []);
  assert.deepEqual(newsBehind(entries, null), []);
});
