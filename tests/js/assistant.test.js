import assert from "node:assert/strict";
import { test } from "node:test";

import { AssistantTalk, mayAskForPerson, openAnswer, readable, sureness } from "../../src/csts/web/static/js/lib/assistant.js";

const settled = () => new Promise((resolve) => { setImmediate(resolve); });
const entry = (kind, id, more = {}) => ({ message: { id, seq: id, sender: { kind, id: 0 }, internal: false, ...more } });
const OPEN = { status: "open", agent: null };

/** A desk that counts what it is asked, and answers when it is told to. */
function desk(context, talk = { speaks: true, replies: [{ message_id: 2, id: 9, verdict: null }] }) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const open = [];
  const drawn = [];
  const get = (path) => new Promise((resolve, reject) => { asked.push(path); open.push({ resolve, reject }); });
  const put = async (path, body) => (asked.push([path, body]), { message_id: 2, id: 9, verdict: body.right ? "right" : "wrong" });
  const follower = new AssistantTalk({ api: { get, put }, path: "/tickets/7", changed: () => drawn.push(follower.known) });
  context.after(() => follower.close());
  const answer = async (told = talk) => (open.shift().resolve(told), settled());
  return { follower, asked, open, drawn, answer };
}

test("a room without the assistant asks nothing", async (context) => {
  const { follower, asked } = desk(context);
  follower.follow([entry("system", 1), entry("customer", 2), entry("agent", 3)], OPEN);
  context.mock.timers.tick(1000);
  assert.deepEqual(asked, []);
});

test("its message is asked about once, however often the room is drawn", async (context) => {
  const { follower, asked, answer } = desk(context);
  for (let draw = 0; draw < 5; draw += 1) follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(1000);
  await answer();
  follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(1000);
  assert.deepEqual(asked, ["/tickets/7/assistant"]);
  assert.equal(follower.behind.get(2).id, 9);
});

test("what happens while one asks is asked for by one more, not by many", async (context) => {
  const { follower, asked, answer } = desk(context);
  follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(200);
  follower.follow([entry("assistant", 3)], OPEN);
  context.mock.timers.tick(200);
  follower.follow([entry("assistant", 3)], { ...OPEN, agent: { id: 1 } });
  context.mock.timers.tick(200);
  assert.equal(asked.length, 1);
  await answer();
  assert.equal(asked.length, 2);
  await answer({ speaks: false, replies: [] });
  assert.equal(asked.length, 2);
  assert.equal(follower.known.speaks, false);
});

test("a failure is silent, and leaves what is known", async (context) => {
  const { follower, open, drawn, answer } = desk(context);
  follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(200);
  await answer();
  follower.follow([entry("assistant", 3)], OPEN);
  context.mock.timers.tick(200);
  open.shift().reject(new Error("no line"));
  await settled();
  assert.equal(follower.known.speaks, true);
  assert.equal(drawn.length, 1);
});

test("an answer that comes after the room was left changes nothing", async (context) => {
  const { follower, drawn, answer } = desk(context);
  follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(200);
  follower.close();
  await answer();
  assert.deepEqual(drawn, []);
});

test("a verdict is kept as the server tells it, and may be turned", async (context) => {
  const { follower, asked, answer } = desk(context);
  follower.follow([entry("assistant", 2)], OPEN);
  context.mock.timers.tick(200);
  await answer();
  await follower.judge(9, true);
  assert.equal(follower.behind.get(2).verdict, "right");
  await follower.judge(9, false);
  assert.equal(follower.behind.get(2).verdict, "wrong");
  assert.deepEqual(asked.at(-1), ["/assistant/replies/9/verdict", { right: false }]);
});

test("quick words stand under the last word in the room, while the assistant may speak", () => {
  const talk = { speaks: true, replies: [] };
  const said = [entry("system", 1), entry("assistant", 2)];
  assert.equal(openAnswer(said, talk, OPEN), 2);
  assert.equal(openAnswer([...said, entry("customer", null, { seq: null })], talk, OPEN), null);
  assert.equal(openAnswer(said, { ...talk, speaks: false }, OPEN), null);
  assert.equal(openAnswer(said, talk, { status: "resolved" }), null);
  assert.equal(openAnswer([entry("assistant", 2, { internal: true })], talk, OPEN), null);
  assert.equal(openAnswer([], talk, OPEN), null);
  assert.equal(mayAskForPerson(null, OPEN), false);
});

test("how sure it was has three steps, and never reaches the whole", () => {
  assert.deepEqual([0.93, 0.7, 0.3].map(sureness), ["sure", "fairly", "unsure"]);
  assert.deepEqual([0.9996, 0.5].map(readable), [0.99, 0.5]);
});
