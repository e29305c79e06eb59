/** The address of a browser at its push service: asked for once, kept while it fits, and told to the desk by each page. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { page } from "../../src/csts/web/static/js/lib/page.js";
import { calledWorker, subscribe } from "../../src/csts/web/static/js/lib/push.js";

const KEY = "BP_-8Q";
const OTHER = "BAAA8Q";
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64url")).buffer;

/** A browser; `held` is what it has subscribed to, by the key of a desk. */
function browser({ held = "", fails = false } = {}) {
  const did = [];
  const subscription = (key) => ({
    options: { applicationServerKey: bytes(key) },
    toJSON: () => ({ endpoint: `https://push.test/${key}`, expirationTime: null, keys: { p256dh: "p", auth: "a" } }),
    unsubscribe: async () => did.push(`unsubscribe ${key}`),
  });
  let now = held && subscription(held);
  const pushManager = {
    getSubscription: async () => now || null,
    subscribe: async ({ applicationServerKey: key }) => {
      if (fails) throw new Error("AbortError");
      did.push(`subscribe ${key}`);
      return (now = subscription(key));
    },
  };
  const registration = { pushManager };
  const serviceWorker = { register: async (path) => did.push(`register ${path}`), ready: Promise.resolve(registration), getRegistration: async () => registration };
  return { did, registration, navigator: { serviceWorker }, PushManager: class {} };
}

let told;
beforeEach(() => {
  page.push_key = KEY;
  told = [];
  globalThis.fetch = async (path, { method, body }) => {
    told.push([method, path, JSON.parse(body)]);
    return new Response(null, { status: 204 });
  };
});

test("the desk is told where the browser is reached, and nothing else of it", async () => {
  const scope = browser();
  assert.equal(await subscribe(scope), true);
  assert.deepEqual(scope.did, ["register /sw.js", `subscribe ${KEY}`]);
  assert.deepEqual(told, [["PUT", "/push/subscription", { endpoint: `https://push.test/${KEY}`, keys: { p256dh: "p", auth: "a" } }]]);
});

test("what fits is kept, and told again", async () => {
  const scope = browser({ held: KEY });
  assert.equal(await subscribe(scope), true);
  assert.deepEqual(scope.did, ["register /sw.js"]);
  assert.equal(told.length, 1);
});

test("what was made for another key of the desk is given up", async () => {
  const scope = browser({ held: OTHER });
  assert.equal(await subscribe(scope), true);
  assert.deepEqual(scope.did, ["register /sw.js", `unsubscribe ${OTHER}`, `subscribe ${KEY}`]);
});

test("a desk that calls nobody, and a browser that cannot be called, are left alone", async () => {
  const able = browser();
  page.push_key = null;
  assert.equal(await subscribe(able), false);
  page.push_key = KEY;
  assert.equal(await subscribe({ ...able, PushManager: undefined }), false);
  assert.equal(await subscribe({ navigator: {}, PushManager: class {} }), false);
  assert.deepEqual(able.did, []);
});

test("a push service that is out of reach, or a desk that refuses, is no error of the page", async () => {
  assert.equal(await subscribe(browser({ fails: true })), false);
  globalThis.fetch = async () => new Response('{"status": 422, "code": "invalid_input", "detail": "No."}', { status: 422 });
  assert.equal(await subscribe(browser()), false);
});

test("only a browser that is called shows notices by its worker", async () => {
  const called = browser({ held: KEY });
  assert.equal(await calledWorker(called), called.registration);
  assert.equal(await calledWorker(browser()), null);
  assert.equal(await calledWorker({ navigator: {} }), null);
});
