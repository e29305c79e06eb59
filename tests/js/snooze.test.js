/** When a ticket comes back, by the clock on the agent's wall. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { localValue, presets } from "../../src/csts/web/static/js/lib/snooze.js";
import { coming } from "../../src/csts/web/static/js/lib/time.js";

const TUESDAY = new Date(2026, 10, 24, 10, 30);
const offered = (now) => presets(now).map(({ name, until }) => [name, localValue(until)]);

test("what is offered lies ahead, at hours when people work", () => {
  assert.deepEqual(offered(TUESDAY), [
    ["In one hour", "2026-11-24T11:30"],
    ["This afternoon", "2026-11-24T15:00"],
    ["Tomorrow morning", "2026-11-25T09:00"],
    ["Next Monday", "2026-11-30T09:00"],
  ]);
});

test("in the afternoon there is none to come, and on a Monday the next one is meant", () => {
  assert.deepEqual(offered(new Date(2026, 10, 23, 14, 30)).map(([name]) => name), ["In one hour", "Tomorrow morning", "Next Monday"]);
  assert.equal(offered(new Date(2026, 10, 23, 8)).at(-1)[1], "2026-11-30T09:00");
  assert.equal(offered(new Date(2026, 11, 27, 8)).at(-1)[1], "2026-12-28T09:00");
});

test("a time to come is told by as much as it needs", () => {
  assert.equal(coming(new Date(2026, 10, 24, 15), TUESDAY, "en-GB"), "15:00");
  assert.equal(coming(new Date(2026, 10, 30, 9), TUESDAY, "en-GB"), "Mon 09:00");
  assert.equal(coming(new Date(2026, 11, 24, 9), TUESDAY, "en-GB"), "24 Dec");
});
