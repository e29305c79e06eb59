import assert from "node:assert/strict";
import { test } from "node:test";

import { HalfSaid } from "../../src/csts/web/static/js/lib/half-said.js";

const assistant = { kind: "assistant", id: 0, name: "Assistant" };
const priya = { kind: "agent", id: 1, name: "Priya" };
const draft = (content, client_id = "a") => ({ type: "draft", client_id, sender: assistant, content });

function listen(context) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const drawn = [];
  const half = new HalfSaid(() => drawn.push(half.beside([])[0]?.message.content ?? ""));
  context.after(() => half.pause());
  return { half, drawn };
}

test("a text grows in one place, from its first words on", (context) => {
  const { half, drawn } = listen(context);
  half.hear(draft("A new"));
  const [first] = half.beside([]);
  half.hear(draft("A new card"));
  const [second] = half.beside([]);
  assert.deepEqual(drawn, ["A new", "A new card"]);
  assert.deepEqual([first.key, first.message.timestamp], [second.key, second.message.timestamp]);
  assert.equal(second.state, "drafting");
});

test("its message takes its place, and a frame that comes late does not bring it back", (context) => {
  const { half } = listen(context);
  half.hear(draft("A new"));
  assert.equal(half.heed({ sender: assistant, client_id: "a", internal: false }), true);
  half.hear(draft("A new card"));
  assert.deepEqual(half.beside([]), []);
});

test("it is not shown beside its own message, whichever way that came", (context) => {
  const { half } = listen(context);
  half.hear(draft("A new"));
  assert.deepEqual(half.beside([{ message: { client_id: "a" } }]), []);
});

test("what an agent says ends it; a note among agents and the customer's words do not", (context) => {
  const { half } = listen(context);
  half.hear(draft("A new"));
  assert.equal(half.heed({ sender: priya, client_id: "n", internal: true }), false);
  assert.equal(half.heed({ sender: { kind: "customer", id: 1 }, client_id: "c", internal: false }), false);
  assert.equal(half.beside([]).length, 1);
  assert.equal(half.heed({ sender: priya, client_id: "p", internal: false }), true);
  half.hear(draft("A new card"));
  assert.deepEqual(half.beside([]), []);
});

test("without news it is gone after half a minute, and the next word brings it back", (context) => {
  const { half } = listen(context);
  half.hear(draft("A new"));
  context.mock.timers.tick(29_000);
  half.hear(draft("A new card"));
  context.mock.timers.tick(29_000);
  assert.equal(half.beside([]).length, 1);
  context.mock.timers.tick(1000);
  assert.deepEqual(half.beside([]), []);
  half.hear(draft("A new card takes"));
  assert.equal(half.beside([]).length, 1);
});
