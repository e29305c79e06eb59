import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveSocket, askedDelay, retryDelay, socketUrl } from "../../src/csts/web/static/js/lib/socket.js";

class Line extends EventTarget {
  static all = [];
  readyState = 1;
  sent = [];

  constructor(url, protocols) {
    super();
    Object.assign(this, { url, protocols });
    Line.all.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  hear(frame) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }

  drop(code, reason = "") {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
}

function opened(context, options = {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  Line.all = [];
  const socket = new LiveSocket({ path: "/ws/tickets/7", base: "https://desk.test/x", as: "agent", Socket: Line, ...options });
  context.after(() => socket.close());
  socket.open();
  return socket;
}

test("the address carries the hint and the last number, never a credential", () => {
  assert.equal(socketUrl("/ws/tickets/7", { base: "https://desk.test/desk", as: "agent", after: 12 }), "wss://desk.test/ws/tickets/7?as=agent&after=12");
  assert.equal(socketUrl("/ws/desk", { base: "http://desk.test/", as: null, after: null }), "ws://desk.test/ws/desk");
});

test("delays double, have a ceiling, and never come in step", () => {
  const sure = { random: () => 1 };
  assert.deepEqual([1, 2, 3, 20].map((failures) => retryDelay(failures, sure)), [1000, 2000, 4000, 20000]);
  assert.equal(retryDelay(1, { busy: true, ...sure }), 4000);
  const tenThousand = Array.from({ length: 10_000 }, () => retryDelay(1));
  const tenths = Array.from({ length: 10 }, (_, tenth) => tenThousand.filter((delay) => Math.floor(delay / 100) === tenth).length);
  assert.ok(tenths.every((clients) => clients > 800 && clients < 1200), String(tenths));
});

test("the server's own wish in its goodbye is read", () => {
  assert.equal(askedDelay("restarting, retry in 2.4 s"), 2400);
  assert.equal(askedDelay("retry in 900000 s"), 120_000);
  assert.deepEqual(["restarting", "", undefined, "retry in a while"].map(askedDelay), [null, null, null, null]);
});

test("a server that asks for time gets it, also when the reader comes back", (context) => {
  const socket = opened(context);
  Line.all[0].hear({ type: "ready" });
  Line.all[0].drop(1012, "restarting, retry in 7.5 s");
  context.mock.timers.tick(7400);
  socket.wake();
  assert.equal(Line.all.length, 1);
  context.mock.timers.tick(100);
  assert.equal(Line.all.length, 2);
});

test("it is online when the server says ready, and asks for what was missed after a loss", (context) => {
  let after = null;
  const socket = opened(context, { after: () => after });
  assert.equal(socket.send({ type: "ping" }), false);
  Line.all[0].hear({ type: "ready" });
  assert.equal(socket.state, "online");
  after = 9;
  Line.all[0].drop(1006);
  assert.equal(socket.state, "offline");
  context.mock.timers.tick(1000);
  assert.match(Line.all[1].url, /after=9/u);
});

test("the reader's return cuts the waiting short", (context) => {
  const socket = opened(context);
  Line.all[0].drop(1012);
  socket.wake();
  assert.equal(Line.all.length, 2);
});

test("what is not ours stays closed", (context) => {
  const socket = opened(context);
  Line.all[0].drop(4404);
  context.mock.timers.tick(60_000);
  assert.equal(socket.state, "stopped");
  assert.equal(Line.all.length, 1);
});

test("an ended session is renewed before the next try", async (context) => {
  let renewals = 0;
  opened(context, { renew: async () => { renewals += 1; return true; } });
  Line.all[0].drop(4401);
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.equal(renewals, 1);
  assert.equal(Line.all.length, 2);
});

test("a silent line is given up", (context) => {
  const socket = opened(context);
  Line.all[0].hear({ type: "ready" });
  context.mock.timers.tick(25_000);
  assert.deepEqual(Line.all[0].sent, [{ type: "ping" }]);
  context.mock.timers.tick(8_000);
  assert.notEqual(socket.state, "online");
});

test("a line is replaced without a moment offline", (context) => {
  const socket = opened(context);
  const states = [];
  socket.addEventListener("state", (event) => states.push(event.detail.state));
  Line.all[0].hear({ type: "ready" });
  socket.replace();
  Line.all[1].hear({ type: "ready" });
  Line.all[0].drop(4401);
  assert.deepEqual(states, ["online"]);
  assert.equal(Line.all[0].readyState, 3);
});

test("whoever hears that the line is ready can send at once", (context) => {
  const socket = opened(context);
  socket.addEventListener("frame", () => socket.send({ type: "message" }));
  Line.all[0].hear({ type: "ready" });
  assert.deepEqual(Line.all[0].sent, [{ type: "message" }]);
});

test("a line that is cut while the next one is being made is not mourned", (context) => {
  let renewals = 0;
  const socket = opened(context, { renew: async () => { renewals += 1; return true; } });
  Line.all[0].hear({ type: "ready" });
  socket.replace();
  Line.all[0].drop(4401);
  assert.deepEqual([socket.state, Line.all.length, renewals], ["connecting", 2, 0]);
  Line.all[1].hear({ type: "ready" });
  assert.equal(socket.state, "online");
});

test("a second line that never becomes ready does not stand in the way of a third", (context) => {
  const socket = opened(context);
  Line.all[0].hear({ type: "ready" });
  socket.replace();
  context.mock.timers.tick(8000);
  assert.equal(Line.all[1].readyState, 3);
  socket.replace();
  assert.equal(Line.all.length, 3);
});
