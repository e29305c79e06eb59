import assert from "node:assert/strict";
import { test } from "node:test";

import { TypingEar, TypingVoice } from "../../src/csts/web/static/js/lib/typing.js";

const ana = { kind: "customer", id: 1, name: "Ana" };

test("a burst of keys is told once, again after three seconds, and its end after two idle ones", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  let now = 0;
  const voice = new TypingVoice((typing) => told.push(typing), () => now);
  voice.typed();
  now = 1000;
  voice.typed();
  now = 3100;
  voice.typed();
  assert.deepEqual(told, [true, true]);
  context.mock.timers.tick(2000);
  voice.stopped();
  assert.deepEqual(told, [true, true, false]);
});

test("a typist who falls silent is forgotten after five seconds", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let changes = 0;
  const ear = new TypingEar(() => { changes += 1; });
  ear.hear(ana, true);
  context.mock.timers.tick(4000);
  ear.hear(ana, true);
  context.mock.timers.tick(4000);
  assert.deepEqual(ear.people, [ana]);
  context.mock.timers.tick(1000);
  assert.deepEqual(ear.people, []);
  assert.equal(changes, 2);
  ear.hear(ana, true);
  ear.forget();
  assert.deepEqual(ear.people, []);
});
