import assert from "node:assert/strict";
import { test } from "node:test";

import { onReturn, renewIn, stayAwake } from "../../src/csts/web/static/js/lib/gate.js";

function window() {
  const scope = new EventTarget();
  scope.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  return scope;
}

/** A page whose session is renewed by whoever asks; `pass` lets timers run, `sleep` only the clock on the wall. */
function awake(context, { expires_in, renew = async () => {} }) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const scope = window();
  const leave = new AbortController();
  context.after(() => leave.abort());
  let renewals = 0;
  const counting = () => {
    renewals += 1;
    scope.document.dispatchEvent(new Event("session-renewed"));
    return renew();
  };
  stayAwake({ expires_in }, counting, { scope, signal: leave.signal });
  return { scope, leave, count: () => renewals };
}

test("a session is renewed a minute before its end, or halfway where it is short", () => {
  assert.deepEqual([900, 100, 5].map(renewIn), [840_000, 50_000, 2500]);
});

test("it is renewed before it ends, again and again, until the page goes", (context) => {
  const page = awake(context, { expires_in: 900 });
  context.mock.timers.tick(839_000);
  assert.equal(page.count(), 0);
  context.mock.timers.tick(1000);
  assert.equal(page.count(), 1);
  context.mock.timers.tick(840_000);
  assert.equal(page.count(), 2);
  page.leave.abort();
  context.mock.timers.tick(2_000_000);
  assert.equal(page.count(), 2);
});

test("a machine that slept renews when its reader is back, though its timers have stood still", (context) => {
  const page = awake(context, { expires_in: 900 });
  context.mock.timers.setTime(3_600_000);
  const before = page.count();
  page.scope.document.dispatchEvent(new Event("resume"));
  assert.equal(page.count(), before + 1);
});

test("a renewal that failed is tried again soon, not a whole life later", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const scope = window();
  const leave = new AbortController();
  let tries = 0;
  stayAwake({ expires_in: 100 }, async () => { tries += 1; throw new Error("offline"); }, { scope, signal: leave.signal });
  context.mock.timers.tick(50_000);
  context.mock.timers.tick(5000);
  context.mock.timers.tick(5000);
  leave.abort();
  assert.equal(tries, 3);
});

test("whatever brings the reader back is heard until he has gone", () => {
  const scope = window();
  const leave = new AbortController();
  let returns = 0;
  onReturn(() => { returns += 1; }, { scope, signal: leave.signal });
  for (const name of ["online", "offline", "focus", "pageshow"]) scope.dispatchEvent(new Event(name));
  for (const name of ["visibilitychange", "resume"]) scope.document.dispatchEvent(new Event(name));
  scope.document.visibilityState = "hidden";
  scope.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(returns, 6);
  leave.abort();
  scope.dispatchEvent(new Event("online"));
  assert.equal(returns, 6);
});
