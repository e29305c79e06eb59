import assert from "node:assert/strict";
import { test } from "node:test";

import { ForgetfulStorage, Outbox } from "../../src/csts/web/static/js/lib/outbox.js";
import { Room } from "../../src/csts/web/static/js/lib/room.js";

const ana = { kind: "customer", id: 1, name: "Ana" };
const priya = { kind: "agent", id: 1, name: "Priya" };
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** A server in memory: numbers what it is sent, keeps each client id once, and may be switched off. */
class Desk {
  messages = [];
  lines = [];
  http = true;
  sockets = true;
  refusal = null;

  say(sender, client_id, content) {
    const known = this.messages.find((message) => message.client_id === client_id);
    if (known) return known;
    const message = {
      type: "message", id: 100 + this.messages.length, seq: this.messages.length + 1, client_id, sender, content,
      timestamp: "2026-03-01T10:00:00Z", attachments: [], internal: false,
    };
    this.messages.push(message);
    return message;
  }

  tell(frame) {
    this.lines.forEach((line) => line.hear(frame));
  }

  get ticket() {
    return { id: 7, status: "open", last_seq: this.messages.length };
  }

  get api() {
    const answer = (make) => async (path, body) => {
      if (!this.http) throw { status: 0, code: "offline", detail: "No connection." };
      return make(path, body);
    };
    return { get: answer((path) => this.read(path)), post: answer((_path, body) => this.post(body)) };
  }

  post({ client_id, content }) {
    if (this.refusal) throw { status: 503, ...this.refusal };
    return this.say(ana, client_id, content);
  }

  read(path) {
    if (path.startsWith("/ticket/")) return this.ticket;
    const query = new URL(path, "http://desk.test").searchParams;
    const [after, before, limit] = ["after", "before", "limit"].map((name) => query.has(name) && Number(query.get(name)));
    const found = this.messages.filter(({ seq }) => (after === false || seq > after) && (before === false || seq < before));
    return { items: after === false ? found.slice(-limit) : found.slice(0, limit) };
  }

  get Socket() {
    const desk = this;
    return class extends EventTarget {
      readyState = 1;

      constructor(url) {
        super();
        const after = new URL(url).searchParams.get("after");
        queueMicrotask(() => (desk.sockets ? this.begin(after) : this.drop(1006)));
      }

      begin(after) {
        desk.lines.push(this);
        if (after !== null) desk.messages.slice(Number(after)).forEach((message) => this.hear(message));
        this.hear({ type: "ready", ticket: desk.ticket, last_seq: desk.messages.length, online: [ana], read: [] });
      }

      send(text) {
        const frame = JSON.parse(text);
        if (frame.type !== "message" || !desk.sockets) return;
        if (desk.refusal) this.hear({ type: "error", ...desk.refusal, client_id: frame.client_id });
        else desk.tell(desk.say(ana, frame.client_id, frame.content));
      }

      hear(frame) {
        this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
      }

      drop(code) {
        desk.lines = desk.lines.filter((line) => line !== this);
        this.readyState = 3;
        this.dispatchEvent(Object.assign(new Event("close"), { code }));
      }

      close() {}
    };
  }
}

async function enter(context, desk, storage = new ForgetfulStorage()) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const room = new Room({
    ticketId: 7, me: ana, as: "customer", base: "http://desk.test/", api: desk.api, Socket: desk.Socket,
    outbox: new Outbox(storage, ana, 7), renew: async () => false,
  });
  context.after(() => room.close());
  room.open();
  await settled();
  return room;
}

async function pass(context, ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    context.mock.timers.tick(100);
    await settled();
  }
}

const contents = (room) => room.thread.entries().map(({ message }) => message.content);

test("the room opens with the newest page and the ticket, and takes no other ticket for its own", async (context) => {
  const desk = new Desk();
  desk.say(priya, "a", "Hello");
  const room = await enter(context, desk);
  room.took({ ...desk.ticket, id: 8, version: 99 });
  assert.deepEqual([room.loaded, room.connection, contents(room), room.ticket.id], [true, "online", ["Hello"], 7]);
});

test("what is written without a line goes out once when it is back, in order", async (context) => {
  const desk = new Desk();
  const storage = new ForgetfulStorage();
  const room = await enter(context, desk, storage);
  desk.sockets = false;
  desk.http = false;
  desk.lines[0].drop(1006);
  room.delivery.send({ content: "one" });
  room.delivery.send({ content: "two" });
  desk.say(priya, "b", "meanwhile");
  await pass(context, 3000);
  desk.sockets = true;
  desk.http = true;
  await pass(context, 5000);
  assert.deepEqual(contents(room), ["meanwhile", "one", "two"]);
  assert.deepEqual(room.thread.pending, []);
  assert.deepEqual(new Outbox(storage, ana, 7).all(), []);
});

test("a tab that died leaves its message to the next one, which does not double it", async (context) => {
  const desk = new Desk();
  const storage = new ForgetfulStorage();
  const stored = { client_id: "x", content: "hello", attachments: [], internal: false, timestamp: "2026-03-01T10:00:00Z" };
  new Outbox(storage, ana, 7).put(stored);
  desk.say(ana, "x", "hello");
  const room = await enter(context, desk, storage);
  await pass(context, 200);
  assert.deepEqual(contents(room), ["hello"]);
  assert.deepEqual(new Outbox(storage, ana, 7).all(), []);
});

test("where sockets are blocked the talk goes on over HTTP, and says so", async (context) => {
  const desk = new Desk();
  desk.sockets = false;
  const room = await enter(context, desk);
  await pass(context, 8000);
  assert.equal(room.connection, "slow");
  room.delivery.send({ content: "by post" });
  desk.say(priya, "b", "heard");
  await pass(context, 4000);
  assert.deepEqual(contents(room).sort(), ["by post", "heard"]);
  assert.deepEqual(room.thread.pending, []);
  desk.sockets = true;
  await pass(context, 30_000);
  assert.equal(room.connection, "online");
});

test("a frame that was lost is asked for", async (context) => {
  const desk = new Desk();
  desk.say(priya, "a", "one");
  const room = await enter(context, desk);
  desk.say(priya, "b", "two");
  desk.tell(desk.say(priya, "c", "three"));
  await pass(context, 600);
  assert.deepEqual(contents(room), ["one", "two", "three"]);
});

test("a refused message fails with its reason and is not sent again by itself", async (context) => {
  const desk = new Desk();
  desk.refusal = { code: "ticket_closed", detail: "This ticket is closed." };
  const room = await enter(context, desk);
  const refusals = [];
  room.addEventListener("refused", (event) => refusals.push(event.detail.problem.code));
  room.delivery.send({ content: "too late" });
  desk.refusal = null;
  desk.lines[0].drop(1012);
  await pass(context, 1000);
  assert.deepEqual(refusals, ["ticket_closed"]);
  assert.deepEqual(room.thread.pending.map(({ state, problem }) => [state, problem]), [["failed", "This ticket is closed."]]);
  room.delivery.retry(room.thread.pending[0].message.client_id);
  assert.deepEqual(contents(room), ["too late"]);
  assert.deepEqual(room.thread.pending, []);
});

test("a first page that could not be had is asked for again when the line is back", async (context) => {
  const desk = new Desk();
  desk.say(priya, "a", "Hello");
  desk.http = false;
  desk.sockets = false;
  const room = await enter(context, desk);
  const troubles = [];
  room.addEventListener("trouble", (event) => troubles.push(event.detail));
  desk.http = true;
  desk.sockets = true;
  await pass(context, 3000);
  assert.equal(room.loaded, true);
  assert.deepEqual(contents(room), ["Hello"]);
  assert.equal(troubles.at(-1), null);
});

test("a server that cannot answer yet is asked again, and the message is neither failed nor double", async (context) => {
  const desk = new Desk();
  desk.refusal = { code: "database_busy", detail: "The desk is very busy right now." };
  const room = await enter(context, desk);
  const refusals = [];
  room.addEventListener("refused", (event) => refusals.push(event.detail));
  room.delivery.send({ content: "patience" });
  await pass(context, 25_000);
  assert.deepEqual(room.thread.pending.map(({ state }) => state), ["overdue"]);
  desk.refusal = null;
  await pass(context, 10_000);
  assert.deepEqual([contents(room), room.thread.pending, refusals], [["patience"], [], []]);
});

test("a server that is silent for half a minute leaves one message and no failure", async (context) => {
  const desk = new Desk();
  const room = await enter(context, desk);
  const { api } = desk;
  const open = [];
  const states = new Set();
  room.addEventListener("change", () => room.thread.pending.forEach(({ state }) => states.add(state)));
  room.api = { ...api, post: (...request) => new Promise((resolve) => { open.push(() => resolve(api.post(...request))); }) };
  desk.say = ((say) => (...words) => (desk.deaf ? {} : say.apply(desk, words)))(desk.say);
  desk.deaf = true;
  desk.tell = ((tell) => (frame) => frame.seq && tell.call(desk, frame))(desk.tell);
  room.delivery.send({ content: "are you there" });
  await pass(context, 30_000);
  desk.deaf = false;
  open.forEach((answer) => answer());
  await pass(context, 2000);
  assert.deepEqual([contents(room), [...states].sort()], [["are you there"], ["overdue", "sending"]]);
});

test("what the assistant is saying stands before what is on its way, and gives place to its message", async (context) => {
  const desk = new Desk();
  const assistant = { kind: "assistant", id: 0, name: "Assistant" };
  desk.say(priya, "a", "Hello");
  const room = await enter(context, desk);
  desk.sockets = false;
  room.delivery.send({ content: "on its way" });
  desk.tell({ type: "draft", client_id: "d", sender: assistant, content: "A new" });
  desk.tell({ type: "draft", client_id: "d", sender: assistant, content: "A new card" });
  const shown = () => room.entries().map(({ message }) => message.content);
  assert.deepEqual(shown(), ["Hello", "A new card", "on its way"]);
  assert.deepEqual(room.typing.people, [assistant]);
  desk.tell(desk.say(assistant, "d", "A new card takes a week."));
  assert.deepEqual(shown(), ["Hello", "A new card takes a week.", "on its way"]);
  assert.deepEqual(room.typing.people, []);
});

test("what the assistant is saying goes when an agent takes the ticket, and does not come back", async (context) => {
  const desk = new Desk();
  const assistant = { kind: "assistant", id: 0, name: "Assistant" };
  const room = await enter(context, desk);
  desk.tell({ type: "draft", client_id: "d", sender: assistant, content: "A new" });
  assert.equal(room.entries().length, 1);
  desk.tell({ type: "ticket", ticket: { ...desk.ticket, agent: priya } });
  desk.tell({ type: "draft", client_id: "d", sender: assistant, content: "A new card" });
  desk.tell({ type: "draft", client_id: "e", sender: assistant, content: "Another" });
  assert.deepEqual(room.entries(), []);
});

test("what the other side says is heard once, by whichever way it comes, and what stood there before is not", async (context) => {
  const desk = new Desk();
  desk.say(priya, "a", "before");
  const room = await enter(context, desk);
  const heard = [];
  room.addEventListener("heard", (event) => heard.push(event.detail.content));
  // By the line, by the line that is back, by asking for what a frame ahead has left out, and by asking alone.
  desk.tell(desk.say(priya, "b", "one"));
  desk.lines[0].drop(1006);
  desk.say(priya, "c", "two");
  await pass(context, 5000);
  room.delivery.send({ content: "my own" });
  desk.say(priya, "d", "three");
  desk.tell({ type: "ticket", ticket: { ...desk.ticket, version: 2 } });
  await pass(context, 1000);
  desk.sockets = false;
  desk.lines[0].drop(1006);
  await pass(context, 8000);
  desk.say(priya, "e", "four");
  await pass(context, 8000);
  assert.deepEqual(heard, ["one", "two", "three", "four"]);
});
