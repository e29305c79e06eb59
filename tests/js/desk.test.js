/** The desk's list keeps its order, its filters and its calm. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, changedView, choicesIn, countWords, filtersOf, fits, orderOf, requestOf, savedView, sortsIn, TicketList, viewOf, wayBack } from "../../src/csts/web/static/js/lib/desk.js";

const ME = 7;
const VIEW = viewOf(new URLSearchParams());

const row = (id, more = {}) => ({
  id,
  ticket_no: `L1-${id}`,
  subject: "s",
  issue_type: "billing",
  status: "open",
  priority: "medium",
  created_at: `2026-01-${String(id).padStart(2, "0")}T00:00:00Z`,
  updated_at: `2026-01-${String(id).padStart(2, "0")}T00:00:00Z`,
  customer: { id: 1, name: "Ana" },
  agent: null,
  unread: 0,
  last_message_preview: "",
  awaiting_reply: true,
  ...more,
});

const list = (...rows) => {
  const made = new TicketList(VIEW, ME);
  made.load({ items: rows, next_cursor: null });
  return made;
};
const ids = ({ rows }) => rows.map(({ id }) => id);
const AT_TOP = true;
const SCROLLED = false;

test("a view survives its own address, and nonsense in an address is left out", () => {
  const view = { ...VIEW, queue: "mine", sort: "-priority", status: "waiting", q: "card & pin" };
  assert.deepEqual(viewOf(new URLSearchParams(addressOf(view))), view);
  assert.equal(addressOf(VIEW), "");
  assert.deepEqual(viewOf(new URLSearchParams("queue=nope&sort=drop")), VIEW);
});

test("a saved view is the view that it was", () => {
  const view = { ...VIEW, queue: "mine", sort: "-priority", tag: "late refund", q: "card & pin" };
  assert.deepEqual(filtersOf(view), { queue: "mine", sort: "-priority", tag: "late refund", q: "card & pin" });
  assert.deepEqual(savedView(filtersOf(view)), view);
  assert.deepEqual(savedView({}), VIEW);
});

test("what is snoozed is in its own queue alone", () => {
  const away = row(1, { snoozed_until: "2026-12-01T09:00:00Z" });
  assert.deepEqual(["awaiting", "unassigned", "open", "snoozed", "all"].filter((queue) => fits(away, { ...VIEW, queue }, ME)), ["snoozed", "all"]);
  assert.deepEqual(requestOf({ ...VIEW, queue: "mine" }).getAll("snoozed"), ["false"]);
});

test("a chosen status narrows the queue's own", () => {
  assert.deepEqual(requestOf({ ...VIEW, queue: "mine" }).getAll("status"), ["open", "in_progress", "waiting"]);
  assert.deepEqual(requestOf({ ...VIEW, queue: "mine", status: "waiting" }).getAll("status"), ["waiting"]);
});

test("a queue comes in the order of its own: who has waited longest stands first among those who wait", () => {
  const awaiting = changedView(VIEW, { queue: "awaiting" });
  assert.equal(awaiting.sort, "awaiting_since");
  assert.equal(requestOf(awaiting).get("sort"), "awaiting_since");
  assert.equal(addressOf(awaiting), "?queue=awaiting");
  assert.deepEqual(viewOf(new URLSearchParams("queue=awaiting")), awaiting);
  assert.equal(requestOf({ ...awaiting, q: "card" }).has("sort"), false, "a search has its best first");
  assert.equal(changedView(awaiting, { queue: "mine" }).sort, "-updated_at");
  const chosen = changedView(awaiting, { sort: "-priority" });
  assert.equal(changedView(chosen, { queue: "mine" }).sort, "-priority");
  assert.equal(viewOf(new URLSearchParams("sort=awaiting_since")).sort, "-updated_at");
  assert.deepEqual([sortsIn("awaiting")[0].id, sortsIn("mine").some(({ id }) => id === "awaiting_since")], ["awaiting_since", false]);

  const waits = (id, since) => row(id, { awaiting_since: since, awaiting_reply: since !== null });
  const made = new TicketList(awaiting, ME);
  made.load({ items: [waits(1, "2026-01-02"), waits(2, "2026-01-03")], next_cursor: null });
  made.take(waits(3, "2026-01-01"), AT_TOP);
  made.take(waits(4, "2026-01-04"), AT_TOP);
  assert.deepEqual(ids(made), [3, 1, 2, 4]);
  made.take(waits(1, null), AT_TOP);
  assert.deepEqual(ids(made), [3, 1, 2, 4], "what was answered keeps its place until it goes");
  assert.deepEqual(made.misfits(null), [1]);
});

test("each queue knows its rows", () => {
  const mine = row(1, { agent: { id: ME, name: "me" } });
  assert.equal(fits(mine, { ...VIEW, queue: "mine" }, ME), true);
  assert.equal(fits(mine, { ...VIEW, queue: "unassigned" }, ME), false);
  assert.equal(fits(row(1, { status: "resolved" }), VIEW, ME), false);
  assert.equal(fits(row(1, { status: "resolved" }), { ...VIEW, queue: "solved" }, ME), true);
  assert.equal(fits(row(1), { ...VIEW, q: "word" }, ME), null);
});

test("a row belongs to a tag however that is spelt", () => {
  assert.equal(fits(row(1, { tags: ["Late Refund"] }), { ...VIEW, tag: "late refund" }, ME), true);
  assert.equal(fits(row(1), { ...VIEW, tag: "late refund" }, ME), false);
  assert.equal(addressOf({ ...VIEW, tag: "vip" }), "?tag=vip");
});

test("a new ticket appears at once at the top of the list, and waits while somebody reads further down", () => {
  const calm = list(row(2), row(1));
  calm.take(row(3), SCROLLED);
  assert.deepEqual(ids(calm), [2, 1]);
  assert.equal(calm.pending.size, 1);
  calm.release();
  assert.deepEqual(ids(calm), [3, 2, 1]);

  const top = list(row(2), row(1));
  top.take(row(3), AT_TOP);
  assert.deepEqual(ids(top), [3, 2, 1]);
});

test("a change shows in its place, and moves the row only when the list may move", () => {
  const rows = list(row(2), row(1));
  const changed = row(1, { updated_at: "2026-02-01T00:00:00Z", subject: "changed" });
  rows.take(changed, SCROLLED);
  assert.deepEqual(ids(rows), [2, 1]);
  assert.equal(rows.rows[1].subject, "changed");
  rows.take(changed, AT_TOP);
  assert.deepEqual(ids(rows), [1, 2]);
});

test("a row that no longer fits goes, but not from under the reader", () => {
  const rows = list(row(2), row(1));
  rows.take(row(2, { status: "closed" }), SCROLLED);
  rows.settle(2);
  assert.deepEqual(ids(rows), [2, 1]);
  assert.deepEqual(rows.misfits(1), [2]);
  rows.settle(1);
  assert.deepEqual(ids(rows), [1]);
});

test("a list that is read anew does not take a row from under the reader either", () => {
  const rows = list(row(3), row(2), row(1));
  rows.take(row(2, { status: "closed" }), SCROLLED);
  rows.load({ items: [row(4), row(3), row(1)], next_cursor: null }, 2);
  assert.deepEqual(ids(rows), [4, 2, 3, 1]);
  rows.settle(1);
  assert.deepEqual(ids(rows), [4, 3, 1]);
  // Why the server does not name it any more may still be on its way.
  rows.load({ items: [row(4)], next_cursor: null }, 3);
  assert.deepEqual(ids(rows), [4, 3]);
  rows.load({ items: [row(4)], next_cursor: null }, 4);
  assert.deepEqual(ids(rows), [4]);
});

test("a row that waits and then fits no more is not announced", () => {
  const rows = list(row(1));
  rows.take(row(2), SCROLLED);
  rows.take(row(2, { status: "closed" }), SCROLLED);
  assert.equal(rows.pending.size, 0);
});

test("unread marks reach a row that still waits", () => {
  const rows = list(row(1));
  rows.take(row(2), SCROLLED);
  rows.count(2, 4);
  rows.count(1, 3);
  rows.release();
  assert.deepEqual(rows.rows.map(({ unread }) => unread), [4, 3]);
});

test("what is told while a page is being read is not undone by what the page says", async () => {
  const rows = list(row(1), row(2));
  const read = async (items) => {
    const { answer, told } = await rows.meanwhile.during(async () => ({ items, next_cursor: null }));
    rows.load(answer, null, told);
  };
  const reading = read([{ ...row(1), unread: 2 }, row(2)]);
  rows.count(1, 0);
  rows.take({ ...row(2), subject: "Newer" }, AT_TOP);
  rows.take(row(3), AT_TOP);
  await reading;
  const shown = Object.fromEntries(rows.rows.map(({ id, unread, subject }) => [id, [unread, subject]]));
  assert.equal(shown[1][0], 0);
  assert.equal(shown[2][1], "Newer");
  assert.ok(3 in shown);
  // Told before it was asked for, it is in the page.
  await read([{ ...row(1), unread: 2 }]);
  assert.equal(rows.rows[0].unread, 2);
});

test("a filter by agent is asked of the server and kept by live rows", () => {
  const mine = { ...VIEW, assignee: "me" };
  assert.equal(requestOf(mine).get("assignee"), "me");
  assert.equal(fits(row(1), mine, ME), false);
  assert.equal(fits(row(1, { agent: { id: ME, name: "me" } }), mine, ME), true);
  assert.equal(fits(row(1, { agent: { id: 3, name: "Sam" } }), { ...VIEW, assignee: "3" }, ME), true);
  assert.equal(fits(row(1), { ...VIEW, assignee: "none" }, ME), true);
});

test("a queue offers only filters that leave something to choose", () => {
  assert.deepEqual(choicesIn("open", "status", ["open", "closed"]), ["open", "in_progress", "waiting"]);
  assert.deepEqual(choicesIn("solved", "status", ["open", "closed"]), []);
  assert.deepEqual(choicesIn("mine", "assignee", ["me", "none"]), []);
  assert.deepEqual(choicesIn("all", "status", ["open", "closed"]), ["open", "closed"]);
});

test("a row behind the last page comes with its page, and no row comes twice", () => {
  const rows = list(row(5), row(4));
  rows.cursor = "more";
  rows.take(row(1), AT_TOP);
  assert.deepEqual(ids(rows), [5, 4]);
  rows.extend({ items: [row(4), row(1)], next_cursor: null });
  assert.deepEqual(ids(rows), [5, 4, 1]);
});

test("rows of one priority keep the server's order", () => {
  const rows = [row(1), row(3, { priority: "urgent" }), row(2)];
  assert.deepEqual(rows.toSorted(orderOf("-priority")).map(({ id }) => id), [3, 2, 1]);
  assert.deepEqual(rows.toSorted(orderOf("priority")).map(({ id }) => id), [1, 2, 3]);
});

test("neighbours stop at both ends, and a cap is told as one", () => {
  const rows = list(row(2), row(1));
  assert.equal(rows.beside(null, 1).id, 2);
  assert.equal(rows.beside(2, 1).id, 1);
  assert.equal(rows.beside(1, 1).id, 1);
  assert.equal(countWords(10_001, String), "10000+");
  assert.equal(countWords(12, String), "12");
});

test("a status comes back at once where that is allowed, and over open where it is not", () => {
  assert.deepEqual(wayBack(["open", "in_progress", "closed"], "in_progress"), ["in_progress"]);
  assert.deepEqual(wayBack(["open", "in_progress", "closed"], "waiting"), ["open", "waiting"]);
});

test("mentions have a queue of their own, the latest first, and keep what a row that is told to all does not know", () => {
  const mentions = changedView(VIEW, { queue: "mentions" });
  assert.equal(requestOf(mentions).toString(), "limit=50&sort=-mentioned_at&mentioned=me");
  assert.equal(addressOf(mentions), "?queue=mentions");
  const called = (id, at, seen = false) => row(id, { mentioned: { by: { id: 8, name: "Sam" }, at, seen } });
  const shown = new TicketList(mentions, ME);
  shown.load({ items: [called(1, "2026-02-02T00:00:00Z"), called(2, "2026-02-01T00:00:00Z")], next_cursor: null });
  shown.take(row(3), AT_TOP);
  shown.take(row(2, { unread: 1, updated_at: "2026-03-01T00:00:00Z" }), AT_TOP);
  assert.deepEqual([ids(shown), shown.misfits(null)], [[1, 2], []]);
  shown.take({ ...called(2, "2026-02-03T00:00:00Z", true), updated_at: "2026-03-01T00:00:00Z" }, AT_TOP);
  assert.deepEqual(ids(shown), [2, 1]);
  assert.equal(shown.rows[0].mentioned.seen, true);
});
