import assert from "node:assert/strict";
import { test } from "node:test";

import { ForgetfulStorage, Outbox } from "../../src/csts/web/static/js/lib/outbox.js";
import { Delivery } from "../../src/csts/web/static/js/lib/room-delivery.js";
import { Thread } from "../../src/csts/web/static/js/lib/thread.js";

const priya = { kind: "agent", id: 1, name: "Priya" };

test("a reply says what its author had seen, but not one that a broken line has kept for a moment", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-03-01T10:00:00Z") });
  const outbox = new Outbox(new ForgetfulStorage(), priya, 7);
  const room = Object.assign(new EventTarget(), { thread: new Thread(priya), connection: "online", changed() {}, wake() {} });
  const frames = [];
  let live = true;
  const delivery = new Delivery({ room, outbox, send: ({ content, after }) => live && frames.push([content, after]) });
  const sent = () => frames.splice(0);

  delivery.send({ content: "one", seen: 3 });
  assert.deepEqual(sent(), [["one", 3]]);
  live = false;
  delivery.send({ content: "two", seen: 4 });
  live = true;
  delivery.flush();
  assert.deepEqual(sent(), [["one", undefined], ["two", undefined]], "whoever has pressed Send a moment ago has meant it");
  context.mock.timers.tick(121_000);
  delivery.flush();
  assert.deepEqual(sent(), [["one", 3], ["two", 4]], "after a night the talk may have gone on");
  const [{ client_id: clientId }] = outbox.all();
  delivery.retry(clientId);
  assert.deepEqual(sent(), [["one", 3]]);
  delivery.close();
});
