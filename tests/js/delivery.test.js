/** A message with what goes with it: one request for both, kept until it is answered, also when the room is left at once. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ForgetfulStorage, Outbox } from "../../src/csts/web/static/js/lib/outbox.js";
import { Delivery } from "../../src/csts/web/static/js/lib/room-delivery.js";
import { Thread } from "../../src/csts/web/static/js/lib/thread.js";

const priya = { kind: "agent", id: 7, name: "Priya" };
const after = { status: "resolved", assign: true };

/** A room with a live socket whose HTTP answers when the test says so. */
function scene() {
  const outbox = new Outbox(new ForgetfulStorage(), priya, 12);
  const seen = { frames: [], requests: [], taken: [] };
  let answer = {};
  const answered = new Promise((resolve, reject) => (answer = { resolve, reject }));
  const room = Object.assign(new EventTarget(), {
    path: "/tickets/12",
    connection: "online",
    thread: new Thread(priya),
    api: { post: (path, body) => (seen.requests.push({ path, body }), answered) },
    changed() {},
    wake() {},
    received: (message) => delivery.acknowledged(message),
    took: (ticket) => seen.taken.push(ticket),
  });
  const delivery = new Delivery({ room, outbox, send: (frame) => seen.frames.push(frame) });
  return { outbox, seen, room, delivery, ...answer };
}

test("both go in one request, also where a socket is open, and are kept until the answer", async () => {
  const { outbox, seen, delivery, resolve } = scene();
  delivery.send({ content: "All well.", after });
  const [{ client_id }] = outbox.all();
  await Promise.resolve();
  const message = { client_id, content: "All well.", attachment_ids: [] };
  assert.deepEqual(seen.requests, [{ path: "/tickets/12/answer", body: { ...after, message } }]);
  assert.deepEqual(seen.frames, []);
  delivery.close();
  resolve({ message: { client_id }, ticket: { id: 12, status: "resolved" } });
  await new Promise(setImmediate);
  assert.deepEqual(seen.taken, [{ id: 12, status: "resolved" }]);
  assert.deepEqual(outbox.all(), []);
});

test("what is refused is told with what should have been done, and stays until somebody decides", async () => {
  const { outbox, room, delivery, reject } = scene();
  const refused = new Promise((resolve) => room.addEventListener("refused", ({ detail }) => resolve(detail)));
  delivery.send({ content: "All well.", after });
  await Promise.resolve();
  delivery.close();
  reject({ status: 409, code: "already_claimed", detail: "Sam has it." });
  const { entry, problem } = await refused;
  assert.deepEqual([entry.after, problem.code, outbox.all()[0].refused], [after, "already_claimed", "Sam has it."]);
});

test("a message alone goes by the socket", () => {
  const { seen, delivery } = scene();
  delivery.send({ content: "Hello" });
  delivery.close();
  assert.deepEqual([seen.frames.length, seen.requests.length], [1, 0]);
});
