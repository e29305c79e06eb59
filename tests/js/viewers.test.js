import assert from "node:assert/strict";
import { test } from "node:test";

import { Gaze } from "../../src/csts/web/static/js/lib/gaze.js";
import { Viewers } from "../../src/csts/web/static/js/lib/viewers.js";

const agent = (id, name, looking) => ({ id, name, looking });

test("colleagues who have a ticket open are known for the rows that are shown, those who look first, oneself never", async () => {
  const asked = [];
  const viewers = new Viewers(async (path) => {
    asked.push(path);
    return { items: [{ ticket_id: 2, agents: [agent(1, "Me", true), agent(3, "Sam", false), agent(4, "Mona", true)] }] };
  }, 1);
  viewers.hear([{ ticket_id: 1, agents: [agent(3, "Sam", true)] }, { ticket_id: 9, agents: [agent(3, "Sam", true)] }]);
  assert.equal(await viewers.load([1, 2]), true);
  assert.deepEqual(asked, ["/tickets/viewers?ticket_id=1&ticket_id=2"]);
  assert.deepEqual([1, 2, 9].map((id) => viewers.of(id).map(({ name }) => name)), [[], ["Mona", "Sam"], ["Sam"]]);
  viewers.hear([{ ticket_id: 2, agents: [] }]);
  assert.deepEqual(viewers.of(2), []);
  assert.equal(await viewers.load([]), false);
});

test("what is known of viewers stays when nobody answers", async () => {
  const viewers = new Viewers(() => Promise.reject(new Error("offline")), 1);
  viewers.hear([{ ticket_id: 1, agents: [agent(3, "Sam", true)] }]);
  assert.equal(await viewers.load([1]), false);
  assert.equal(viewers.of(1).length, 1);
});

test("a gaze is told when it turns, and again to a new line", () => {
  const told = [];
  const gaze = new Gaze((looking) => told.push(looking));
  gaze.again();
  gaze.turn(true);
  gaze.turn(true);
  gaze.again();
  gaze.turn(false);
  gaze.again();
  assert.deepEqual(told, [true, true, false]);
});
