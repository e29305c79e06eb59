import assert from "node:assert/strict";
import { test } from "node:test";

import { Draft } from "../../src/csts/web/static/js/lib/drafts.js";
import { closeStorage, ForgetfulStorage, hasLeft, Outbox, storageOf } from "../../src/csts/web/static/js/lib/outbox.js";
import { forgetKind, forgetOthers, forgetPerson, hasWords, newTicketKey, unsentOf } from "../../src/csts/web/static/js/lib/unsent.js";

const ana = { kind: "customer", id: 1 };
const ben = { kind: "customer", id: 12 };
const priya = { kind: "agent", id: 1 };

function write(storage, person, text) {
  const draft = new Draft(storage, person, 7);
  draft.change(text, 3);
  draft.flush();
  new Outbox(storage, person, 7).put({ client_id: "x", content: text });
  if (person.kind === "customer") storage.setItem(newTicketKey(person.id), JSON.stringify({ subject: text, description: "" }));
}

const keys = (storage) => Array.from({ length: storage.length }, (_, index) => storage.key(index));
const all = (storage) => keys(storage).map((key) => storage.getItem(key)).join(" ");

function shared() {
  const storage = new ForgetfulStorage();
  write(storage, ana, "zebra");
  write(storage, ben, "horse");
  write(storage, priya, "mule");
  storage.setItem("csts:panes", "{}");
  return storage;
}

test("of who has left no word stays, and of others every one", () => {
  const storage = shared();
  forgetPerson(storage, ana);
  assert.doesNotMatch(all(storage), /zebra/);
  assert.equal(unsentOf(storage, ana).messages, 0);
  assert.deepEqual([unsentOf(storage, ben).messages, unsentOf(storage, ben).texts], [1, 1]);
  assert.equal(unsentOf(storage, priya).messages, 1);
  assert.equal(storage.getItem("csts:panes"), "{}");
});

test("whoever comes next finds none of his own kind; the other kind may still be there", () => {
  const storage = shared();
  forgetOthers(storage, ben);
  assert.doesNotMatch(all(storage), /zebra/);
  assert.match(all(storage), /horse.*mule/);
  forgetKind(storage, "agent");
  assert.deepEqual([hasWords(storage, "agent"), hasWords(storage, "customer")], [false, true]);
});

test("what is not sent is counted, and drafts come with what the server needs to keep them", () => {
  const storage = shared();
  assert.deepEqual(unsentOf(storage, ana), { messages: 1, drafts: [{ path: "/tickets/7/drafts/reply", text: "zebra", after: 3 }], texts: 1 });
  new Draft(storage, ana, 7).settle("zebra", "2026-01-01T00:00:00Z");
  assert.deepEqual(unsentOf(storage, ana).drafts, [], "the server keeps it");
});

test("an article that was begun counts as a text, an empty form as nothing", () => {
  const storage = new ForgetfulStorage();
  const article = new Draft(storage, priya, "article-new", { kind: "article" });
  article.change("{}");
  article.flush();
  assert.deepEqual(unsentOf(storage, priya), { messages: 0, drafts: [], texts: 1 });
  storage.setItem(newTicketKey(1), JSON.stringify({ subject: " ", description: "" }));
  storage.setItem("csts:outbox:customer-1:9", "{not json");
  assert.deepEqual(unsentOf(storage, ana), { messages: 0, drafts: [], texts: 0 });
});

test("a page that was left writes nothing down any more", () => {
  const device = new ForgetfulStorage();
  const storage = storageOf({ localStorage: device });
  const draft = new Draft(storage, ana, 7);
  draft.change("zebra");
  assert.equal(hasLeft(), false);
  closeStorage();
  draft.flush();
  assert.equal(hasLeft(), true);
  assert.equal(device.length, 0);
});
