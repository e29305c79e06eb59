import assert from "node:assert/strict";
import { test } from "node:test";

import { Draft, draftOf } from "../../src/csts/web/static/js/lib/drafts.js";
import { ForgetfulStorage, Outbox, storageOf } from "../../src/csts/web/static/js/lib/outbox.js";

const ana = { kind: "customer", id: 1 };
const entry = (client_id) => ({ client_id, content: "Hello", attachments: [], internal: false });

test("an unsent message survives the tab, with the same client id", () => {
  const storage = new ForgetfulStorage();
  new Outbox(storage, ana, 7).put(entry("x"));
  assert.deepEqual(new Outbox(storage, ana, 7).all().map((held) => held.client_id), ["x"]);
});

test("another ticket and another person have lists of their own", () => {
  const storage = new ForgetfulStorage();
  new Outbox(storage, ana, 7).put(entry("x"));
  assert.deepEqual(new Outbox(storage, ana, 8).all(), []);
  assert.deepEqual(new Outbox(storage, { kind: "agent", id: 1 }, 7).all(), []);
});

test("an acknowledged message leaves, and two tabs do not overwrite each other", () => {
  const storage = new ForgetfulStorage();
  const [one, two] = [new Outbox(storage, ana, 7), new Outbox(storage, ana, 7)];
  one.put(entry("x"));
  two.put(entry("y"));
  one.settle("x");
  assert.deepEqual(two.all().map((held) => held.client_id), ["y"]);
});

test("a refused message stays and says why", () => {
  const outbox = new Outbox(new ForgetfulStorage(), ana, 7);
  outbox.put(entry("x"));
  outbox.refuse("x", "Too long.");
  assert.equal(outbox.all()[0].refused, "Too long.");
});

test("broken storage reads as empty, a full one falls back to memory", () => {
  const storage = new ForgetfulStorage();
  storage.setItem("csts:outbox:customer-1:7", "{not json");
  assert.deepEqual(new Outbox(storage, ana, 7).all(), []);
  const full = { getItem: () => null, removeItem: () => {}, setItem: () => { throw new Error("full"); } };
  const outbox = new Outbox(full, ana, 7);
  outbox.put(entry("x"));
  assert.equal(outbox.all().length, 1);
  assert.ok(storageOf({ localStorage: full }) instanceof ForgetfulStorage);
});

test("a draft is written soon, read back after a reload, and cleared on command", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const storage = new ForgetfulStorage();
  const draft = new Draft(storage, ana, 7);
  draft.change("Hel");
  draft.change("Hello");
  assert.equal(draftOf(storage, ana, 7), "");
  context.mock.timers.tick(300);
  assert.equal(new Draft(storage, ana, 7).text, "Hello");
  assert.equal(new Draft(storage, ana, 7, { kind: "note" }).text, "");
  draft.clear();
  assert.equal(draftOf(storage, ana, 7), "");
});

test("a draft knows since when it is written, until it is empty again", () => {
  const storage = new ForgetfulStorage();
  storage.setItem("csts:draft:customer-1:7:reply", "as it was kept before");
  const draft = new Draft(storage, ana, 7);
  assert.deepEqual([draft.text, draft.after], ["as it was kept before", null]);
  draft.change("");
  draft.change("He", 3);
  draft.change("Hello", 5);
  assert.equal(draft.after, 3);
  draft.flush();
  assert.equal(new Draft(storage, ana, 7).after, 3);
  draft.confirm(5);
  assert.equal(draft.after, 5);
  draft.begunAt(4);
  draft.begunAt(undefined);
  assert.equal(draft.after, 4);
  draft.change(" ", 6);
  draft.change("Anew", 7);
  assert.equal(draft.after, 7);
});
