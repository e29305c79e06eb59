/** Who a ticket can be handed to, and who is there to take it. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Colleagues } from "../../src/csts/web/static/js/lib/colleagues.js";

const agent = (id, name, more = {}) => ({ id, name, username: name.toLowerCase(), active: true, online: false, ...more });
const names = ({ active }) => active.map(({ name }) => name);

test("whoever is online comes first, and nobody who was deactivated comes at all", async () => {
  const known = new Colleagues(async () => [agent(1, "Ben", { active: false }), agent(2, "Zoe", { online: true }), agent(3, "Ada")]);
  await known.load();
  assert.deepEqual(names(known), ["Zoe", "Ada"]);
});

test("the live line knows better who is online, and customers are none of us", async () => {
  const known = new Colleagues(async () => [agent(2, "Zoe", { online: true }), agent(3, "Ada")]);
  await known.load();
  known.hear([{ kind: "agent", id: 3 }, { kind: "customer", id: 2 }]);
  assert.deepEqual(known.active.map(({ name, online }) => [name, online]), [["Ada", true], ["Zoe", false]]);
});

test("a failed reading takes nobody away", async () => {
  const answers = [Promise.resolve([agent(3, "Ada")]), Promise.reject(new Error("offline"))];
  const known = new Colleagues(() => answers.shift());
  await known.load();
  await known.load();
  assert.deepEqual(names(known), ["Ada"]);
});
