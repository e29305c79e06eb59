import assert from "node:assert/strict";
import { test } from "node:test";

import { EchoLine, checkSilence, checkSocket } from "../../src/csts/web/static/js/lib/doctor-socket.js";

const READY = { type: "ready", own_origin: true, expected: [] };
const PONG = { type: "pong" };

/** A socket to which this happens, one thing after the other; a function waits to be asked for by a ping. */
function lineTo(story) {
  let socket = null;
  class Socket extends EventTarget {
    readyState = 1;

    constructor() {
      super();
      socket = this;
      queueMicrotask(() => this.go());
    }

    go() {
      while (story.length && story[0] !== "ping") this.happen(story.shift());
    }

    happen(what) {
      if (what === "open") this.dispatchEvent(new Event("open"));
      else if (typeof what === "number") this.dispatchEvent(Object.assign(new Event("close"), { code: what }));
      else this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(what) }));
    }

    send() {
      story.shift();
      this.go();
    }
  }
  const line = new EchoLine("ws://desk.test/ws/echo", Socket);
  return { line, cut: () => socket.happen(1006) };
}

const desk = async () => "desk";
const other = async () => "other";
const named = async (story, who = desk) => {
  const { finding } = await checkSocket(lineTo(story).line, who);
  return finding.fault ?? finding.verdict;
};

test("a socket that carries a ping and its pong is fine", async () => {
  assert.equal(await named(["open", READY, "ping", PONG]), "ok");
});

test("each way to fail has a name of its own", async () => {
  assert.equal(await named([1006]), "upgrade_refused");
  assert.equal(await named([1006], other), "socket_blocked");
  assert.equal(await named(["open", 1006]), "socket_cut");
  assert.equal(await named(["open", READY, "ping", 1006]), "socket_cut");
  assert.equal(await named(["open", 4429]), "unknown");
});

test("a socket that opens and brings nothing is held back", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { line } = lineTo(["open"]);
  const found = checkSocket(line, desk);
  await new Promise((resolve) => { setImmediate(resolve); });
  context.mock.timers.tick(10_000);
  assert.equal((await found).finding.fault, "held_back");
});

test("silence is borne, or cut after so many seconds, or dead without a word", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const patient = lineTo(["open", "ping", PONG]);
  const lives = checkSilence(patient.line, 65);
  context.mock.timers.tick(65_000);
  assert.equal((await lives).verdict, "ok");

  let now = 0;
  const cut = lineTo(["open"]);
  const dies = checkSilence(cut.line, 65, () => now);
  now = 30_400;
  cut.cut();
  assert.deepEqual((await dies).says[1], { seconds: 30 });

  const mute = lineTo(["open"]);
  const dead = checkSilence(mute.line, 65);
  context.mock.timers.tick(65_000);
  await new Promise((resolve) => { setImmediate(resolve); });
  context.mock.timers.tick(10_000);
  assert.equal((await dead).fault, "idle_timeout");
});
