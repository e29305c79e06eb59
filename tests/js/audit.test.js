/** The audit log in words. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { facts, GROUPS, queryOf, told } from "../../src/csts/web/static/js/lib/audit.js";

const entry = (act, changes = {}) => ({ id: 1, at: "2026-11-26T08:00:00Z", who: { kind: "agent", id: 3, name: "Mona" }, address: null, act, about: { kind: "agent", id: 4, name: "Sam" }, details: {}, ...changes });

test("an entry says who did what to whom", () => {
  assert.equal(told(entry("agent_added")), "Mona made the account of Sam");
  assert.equal(told(entry("signed_in", { about: null })), "Mona signed in");
  assert.equal(told(entry("customer_exported", { who: { kind: "customer", id: 7, name: "#7" }, about: { kind: "customer", id: 7, name: "#7" } })), "Customer #7 took the data of customer #7 along");
  assert.equal(told(entry("factor_reset", { who: { kind: "operator", id: null, name: "" } })), "The operator reset the second factor of Sam");
});

test("a failed sign-in says what was wrong, and of an unknown name nothing", () => {
  const failed = (details, changes) => told(entry("sign_in_failed", { who: { kind: "nobody", id: null, name: "" }, details, ...changes }));
  assert.equal(failed({ why: "password", place: "door" }), "Somebody failed to sign in as Sam");
  assert.equal(failed({ why: "code", place: "door" }), "Somebody knew the password of Sam, and no code");
  assert.equal(failed({ why: "password", place: "settings" }), "A wrong password was typed in the settings of Sam");
  assert.equal(failed({ why: "password", place: "door" }, { about: null }), "Somebody failed to sign in with a name that nobody has");
});

test("an act that this page does not know is told by its name", () => {
  assert.equal(told(entry("desk_painted")), "Mona desk_painted Sam");
});

test("what belongs to it is told in few words", () => {
  assert.deepEqual(facts(entry("agent_changed", { details: { role: "admin", active: false } })), ["Admin", "Deactivated"]);
  assert.deepEqual(facts(entry("tickets_changed", { details: { tickets: [1, 2] } })), ["2 tickets"]);
  assert.deepEqual(facts(entry("articles_imported", { details: { added: 0, changed: 3 } })), ["0 new, 3 changed"]);
  assert.deepEqual(facts(entry("signed_out")), []);
});

test("days are the reader's, and the last one is asked for to its end", () => {
  const query = queryOf({ from: "2026-11-26", to: "2026-11-26" });
  assert.equal(query.get("since"), new Date(2026, 10, 26).toISOString());
  assert.equal(query.get("until"), new Date(2026, 10, 27).toISOString());
});

test("a group asks for its acts, and everything for none", () => {
  assert.deepEqual(queryOf({ group: "tickets", agent: "3" }).toString(), "act=tickets_changed&act=tickets_restored&agent=3");
  assert.equal(queryOf({}).toString(), "");
  assert.equal(queryOf({ group: "nonsense" }).toString(), "");
});

test("each act of the server has its words and stands in one group", () => {
  const source = readFileSync(new URL("../../src/csts/audit/models.py", import.meta.url), "utf8");
  const acts = [...source.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, act]) => act);
  assert.ok(acts.length > 20);
  assert.deepEqual(Object.values(GROUPS).flatMap((group) => group.acts).sort(), acts.sort());
  assert.deepEqual(acts.filter((act) => told(entry(act)).includes(act)), []);
});
