import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Problem, get } from "../../src/csts/web/static/js/lib/http.js";
import { page } from "../../src/csts/web/static/js/lib/page.js";

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
  page.me = null;
});

/** A server that answers each path with what stands in its list, one after the other, and remembers what was asked. */
function serve(answers) {
  const asked = [];
  globalThis.fetch = async (path, init) => {
    asked.push([init.method, path, init.headers["CSTS-As"]]);
    const [status, body] = answers[path].length > 1 ? answers[path].shift() : answers[path][0];
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
  return asked;
}

test("two requests that meet an expired session renew it once and then succeed", async () => {
  page.me = { kind: "agent", id: 1, name: "Priya", role: "agent" };
  const asked = serve({ "/tickets": [[401, {}], [401, {}], [200, { items: [] }]], "/agent/refresh": [[200, { expires_in: 900 }]] });
  assert.deepEqual(await Promise.all([get("/tickets"), get("/tickets")]), [{ items: [] }, { items: [] }]);
  assert.equal(asked.filter(([, path]) => path === "/agent/refresh").length, 1);
  assert.ok(asked.every(([, , speaker]) => speaker === "agent"));
  assert.equal(page.expires_in, 900);
});

test("a refusal carries its code, its sentence and its fields", async () => {
  serve({ "/x": [[422, { code: "invalid_input", detail: "Look again.", errors: [{ field: "subject", message: "Too short." }] }]] });
  await assert.rejects(get("/x"), (problem) => {
    assert.ok(problem instanceof Problem);
    assert.deepEqual([problem.status, problem.code, problem.detail, problem.errors.length], [422, "invalid_input", "Look again.", 1]);
    return true;
  });
});

test("an answer that is not JSON becomes a sentence that a person can read", async () => {
  globalThis.fetch = async () => new Response("<html>Bad gateway</html>", { status: 502 });
  await assert.rejects(get("/x"), { code: "http_502" });
});

test("no network is told apart from a refusal", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed");
  };
  await assert.rejects(get("/x"), { code: "offline", status: 0 });
});

test("a wrong password on the sign-in page is not taken for an ended session", async () => {
  const asked = serve({ "/user/login": [[401, { code: "bad_credentials", detail: "No." }]] });
  await assert.rejects(get("/user/login"), { code: "bad_credentials" });
  assert.equal(asked.length, 1);
});
