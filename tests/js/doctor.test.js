import assert from "node:assert/strict";
import { test } from "node:test";

import { checkUpload, judgeAnswer, judgeClock, judgeEncryption, judgeOrigin, uploadSizes } from "../../src/csts/web/static/js/lib/doctor.js";

const seen = { time: "2026-03-01T10:00:00Z", origin: "", own_origin: true, expected: ["https://desk.test"], secure_cookies: true };
const told = ({ verdict, fault }) => fault ?? verdict;

test("an answer that is not the desk's, and none, are told apart", () => {
  assert.equal(told(judgeAnswer({ ms: 20, at: 0, seen })), "ok");
  assert.equal(told(judgeAnswer({ ms: 3000, at: 0, seen })), "note");
  assert.match(judgeAnswer({ status: 502 }).says[0], /not the desk/u);
  assert.match(judgeAnswer({ status: 0 }).says[0], /cannot be reached/u);
  assert.equal(told(judgeAnswer({ status: 429 })), "unknown");
});

test("a session that only https carries is lost over http", () => {
  assert.equal(told(judgeEncryption(seen, new URL("https://desk.test/connection"))), "ok");
  assert.equal(told(judgeEncryption(seen, new URL("http://desk.test/connection"))), "insecure");
  const plain = { ...seen, secure_cookies: false };
  assert.equal(told(judgeEncryption(plain, new URL("http://desk.test/connection"))), "note");
  assert.equal(told(judgeEncryption(plain, new URL("http://127.0.0.1:8000/connection"))), "ok");
});

test("clocks that are minutes apart are told with the direction", () => {
  const at = Date.parse(seen.time);
  assert.equal(told(judgeClock({ ms: 1, at: at + 59_000, seen })), "ok");
  assert.deepEqual(judgeClock({ ms: 1, at: at + 3_600_000, seen }).says, ["This device's clock is {minutes} min ahead of the desk's.", { minutes: 60 }]);
  assert.match(judgeClock({ ms: 1, at: at - 90_000, seen }).says[0], /behind/u);
});

test("an untold https and a rewritten host have different cures", () => {
  const foreign = { ...seen, own_origin: false };
  assert.equal(told(judgeOrigin(seen, "https://desk.test")), "ok");
  const host = judgeOrigin({ ...foreign, expected: ["http://backend:8000"] }, "https://desk.test");
  const scheme = judgeOrigin({ ...foreign, expected: ["http://desk.test"] }, "https://desk.test");
  assert.deepEqual([host.fault, scheme.fault], ["origin", "origin"]);
  assert.match(host.setting, /Host/u);
  assert.match(scheme.setting, /X-Forwarded-Proto/u);
});

test("uploads are tried from the largest down until something passes", async () => {
  const sizes = uploadSizes({ max: 3, max_bytes: 4 * 1024 * 1024 });
  const upTo = (most, asked = []) => [asked, async (bytes) => (asked.push(bytes), bytes <= most ? { received: bytes + 200, status: 200 } : { received: 0, status: 413 })];
  const [all, open] = upTo(Infinity);
  assert.equal(told(await checkUpload(sizes, open, String)), "ok");
  assert.equal(all.length, 1);
  const [some, small] = upTo(5_000_000);
  const found = await checkUpload(sizes, small, String);
  assert.deepEqual([found.fault, found.says[1], some.length], ["body_limit", { size: String(sizes.all), status: 413, passed: String(sizes.one) }, 2]);
  assert.equal((await checkUpload(sizes, upTo(0)[1], String)).says[1].passed, null);
});

test("an upload that was not finished says nothing about the proxy", async () => {
  const sizes = uploadSizes({ max: 3, max_bytes: 1 });
  assert.equal(told(await checkUpload(sizes, async () => ({ received: 0, status: 0, late: true }), String)), "unknown");
  assert.equal(told(await checkUpload(sizes, async () => ({ received: 0, status: 429 }), String)), "unknown");
});
