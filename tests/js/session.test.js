import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

/** The device's storage as two tabs share it; it has to be there before the tab's scripts are read. */
const shared = new Map();
globalThis.localStorage = {
  getItem: (key) => shared.get(key) ?? null,
  setItem: (key, value) => shared.set(key, value),
  removeItem: (key) => shared.delete(key),
};
const { renew } = await import("../../src/csts/web/static/js/lib/http.js");
const { page } = await import("../../src/csts/web/static/js/lib/page.js");
const { followOtherTabs, knownSince, tellSignedOut } = await import("../../src/csts/web/static/js/lib/session.js");

const KEY = "csts:session:agent";
const real = globalThis.fetch;
let asked = 0;

beforeEach(() => {
  asked = 0;
  page.me = { kind: "agent", id: 4, name: "Priya", role: "agent" };
  globalThis.fetch = async () => {
    asked += 1;
    return new Response(JSON.stringify({ expires_in: 900 }));
  };
});
afterEach(() => {
  globalThis.fetch = real;
  page.me = null;
  shared.clear();
});

/** What another tab has done, `seconds` after this one last heard of the session. */
const otherTab = ({ id = 4, seconds = 1, expires_in = 900 } = {}) =>
  shared.set(KEY, JSON.stringify({ id, at: knownSince() + seconds * 1000, expires_in }));

test("a renewal is told to the other tabs", async () => {
  await renew();
  const told = JSON.parse(shared.get(KEY));
  assert.deepEqual([asked, told.id, told.expires_in], [1, 4, 900]);
});

test("what another tab has renewed is not renewed again", async () => {
  otherTab();
  await renew();
  assert.equal(asked, 0);
  assert.ok(page.expires_in > 890 && page.expires_in <= 902);
});

test("what was heard already is not told to the page a second time", async (context) => {
  const since = knownSince();
  const told = context.mock.fn();
  globalThis.document = Object.assign(new EventTarget());
  context.after(() => delete globalThis.document);
  document.addEventListener("session-renewed", told);
  otherTab();
  await Promise.all([renew(since), renew(since)]);
  await renew(since);
  assert.deepEqual([asked, told.mock.callCount()], [0, 1]);
});

test("a renewal of somebody else's, an older one, and one that has ended are of no use", async () => {
  for (const told of [{ id: 5 }, { seconds: -1 }, { expires_in: -5 }]) {
    otherTab(told);
    await renew();
  }
  assert.equal(asked, 3);
});

test("a refusal that came after the other tab's renewal is believed", async () => {
  otherTab();
  await renew(knownSince() + 5000);
  assert.equal(asked, 1);
});

test("a tab that only listens keeps up with the one that renews", () => {
  const scope = new EventTarget();
  followOtherTabs({ scope });
  const before = knownSince();
  otherTab({ expires_in: 600 });
  scope.dispatchEvent(Object.assign(new Event("storage"), { key: KEY }));
  assert.equal(knownSince(), before + 1000);
});

test("another tab hears that its person has signed out, and nothing of that is kept", () => {
  let gone = 0;
  /** @type {(event: object) => void} */
  let hear = () => {};
  followOtherTabs({ left: () => (gone += 1), scope: { addEventListener: (_name, act) => (hear = act) } });
  hear({ key: "csts:signed-out", newValue: "customer-4" });
  hear({ key: "csts:signed-out", newValue: null });
  assert.equal(gone, 0);
  hear({ key: "csts:signed-out", newValue: "agent-4" });
  assert.equal(gone, 1);
  tellSignedOut({ kind: "agent", id: 4 });
  assert.equal(shared.size, 0);
});
