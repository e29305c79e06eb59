import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, day, daysAgo, relative } from "../../src/csts/web/static/js/lib/time.js";

const NOW = new Date(2026, 10, 21, 15, 0);
const before = (minutes) => new Date(NOW.getTime() - minutes * 60_000);

test("a moment is told by how long ago it was", () => {
  assert.equal(relative(before(0), NOW, "en"), "now");
  assert.equal(relative(before(3), NOW, "en"), "3 min. ago");
  assert.equal(relative(before(130), NOW, "en"), "2 hr. ago");
  assert.equal(relative(before(26 * 60), NOW, "en"), "yesterday");
  assert.equal(relative(before(9 * 24 * 60), NOW, "en"), "Nov 12");
});

test("a clock that runs behind the server's never tells the future", () => {
  assert.equal(relative(before(-5), NOW, "en"), "now");
  assert.equal(brief(before(-5), NOW, "en"), "now");
});

test("narrow rows get a number and a letter", () => {
  assert.equal(brief(before(3), NOW, "en"), "3m");
  assert.equal(brief(before(130), NOW, "en"), "2h");
  assert.equal(brief(before(4 * 24 * 60), NOW, "en"), "4d");
});

test("days change at local midnight", () => {
  assert.equal(daysAgo(new Date(2026, 10, 20, 23, 59), new Date(2026, 10, 21, 0, 1)), 1);
  assert.equal(day(new Date(2026, 10, 21, 0, 1), NOW, "en"), "Today");
  assert.equal(day(new Date(2026, 10, 20, 23, 59), NOW, "en"), "Yesterday");
  assert.equal(day(new Date(2026, 10, 16), NOW, "en"), "Monday, November 16");
  assert.equal(day(new Date(2025, 10, 16), NOW, "en"), "Sunday, November 16, 2025");
});
