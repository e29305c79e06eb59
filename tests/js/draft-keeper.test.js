import assert from "node:assert/strict";
import { test } from "node:test";

import { DraftKeeper } from "../../src/csts/web/static/js/lib/draft-keeper.js";
import { DraftShelf } from "../../src/csts/web/static/js/lib/draft-shelf.js";
import { Draft, draftOf } from "../../src/csts/web/static/js/lib/drafts.js";
import { ForgetfulStorage } from "../../src/csts/web/static/js/lib/outbox.js";

const priya = { kind: "agent", id: 1 };
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

/** A server with drafts of one ticket, and devices that hear of each other. */
class Desk {
  drafts = {};
  devices = [];
  asked = [];
  refusal = null;
  /** What answers wait for once they have been read. */
  line = null;
  /** What devices are to hear later, where the live line is slow. @type {(() => void)[]|null} */
  echoes = null;

  get api() {
    return {
      get: async () => {
        const items = Object.values(this.drafts);
        await this.line;
        return { items, next_cursor: null };
      },
      put: async (path, words) => {
        const saved = this.#save(path, words);
        await this.line;
        return saved;
      },
      remove: async (path) => void this.#save(path, { content: "", after: null }),
    };
  }

  #save(path, { content, after }) {
    this.asked.push(content);
    if (this.refusal) throw this.refusal;
    const kind = path.split("/").at(-1);
    const draft = { ticket_id: 7, kind, content, after, updated_at: new Date(Date.now()).toISOString() };
    if (content) this.drafts[kind] = draft;
    else delete this.drafts[kind];
    const tell = () => this.devices.forEach(({ keeper }) => keeper.hear(draft));
    if (this.echoes) this.echoes.push(tell);
    else tell();
    return draft;
  }

  /** A page on a device of its own, as the composer and the room use it. */
  async open(storage = new ForgetfulStorage()) {
    const drafts = { reply: new Draft(storage, priya, 7), note: new Draft(storage, priya, 7, { kind: "note" }) };
    const device = { drafts, storage, changes: 0 };
    const changed = () => (device.changes += 1);
    device.keeper = new DraftKeeper({ api: this.api, path: "/tickets/7", drafts, changed, kept: () => {}, most: 20 });
    device.type = (text) => (drafts.reply.change(text, 3), device.keeper.edited("reply"));
    this.devices.push(device);
    await device.keeper.load();
    return device;
  }
}

async function begin(context) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.parse("2026-03-01T10:00:00Z") });
  return new Desk();
}

async function pass(context, ms) {
  for (let passed = 0; passed < ms; passed += 100) {
    context.mock.timers.tick(100);
    await settled();
  }
}

test("an answer from before a draft was saved does not take it away", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  let arrive = () => {};
  desk.line = new Promise((resolve) => { arrive = resolve; });
  const loading = here.keeper.load();
  here.type("half a thought");
  await pass(context, 1100);
  assert.deepEqual(desk.asked, ["half a thought"]);
  arrive();
  await loading;
  assert.deepEqual([here.drafts.reply.text, here.changes], ["half a thought", 0]);
});

test("what is typed is saved once when its writer pauses, and shown on the other device", async (context) => {
  const desk = await begin(context);
  const [here, there] = [await desk.open(), await desk.open()];
  here.type("You");
  await pass(context, 500);
  here.type("You get");
  await pass(context, 900);
  assert.deepEqual(desk.asked, []);
  await pass(context, 200);
  assert.deepEqual(desk.asked, ["You get"]);
  assert.deepEqual([there.drafts.reply.text, there.drafts.reply.after, there.changes], ["You get", 3, 1]);
  assert.equal(here.changes, 0);
  assert.equal((await desk.open()).drafts.reply.text, "You get");
});

test("nothing is taken out of the hands of who is typing, and the last edit wins", async (context) => {
  const desk = await begin(context);
  const [here, there] = [await desk.open(), await desk.open()];
  here.type("Here");
  await pass(context, 500);
  there.type("There");
  await pass(context, 700);
  assert.deepEqual([here.drafts.reply.text, there.drafts.reply.text], ["Here", "There"]);
  await pass(context, 8000);
  assert.deepEqual([here.drafts.reply.text, there.drafts.reply.text, desk.drafts.reply.content], ["There", "There", "There"]);
});

test("a message that is stored takes its draft along, on the server and on the other device", async (context) => {
  const desk = await begin(context);
  const [here, there] = [await desk.open(), await desk.open()];
  here.type("Done");
  await pass(context, 1100);
  here.keeper.sent("reply");
  here.drafts.reply.clear();
  await pass(context, 3000);
  assert.equal(desk.drafts.reply.content, "Done", "not before it is stored");
  here.keeper.settle();
  await settled();
  assert.deepEqual([desk.drafts, there.drafts.reply.text, here.drafts.reply.text], [{}, "", ""]);
  assert.equal(draftOf(here.storage, priya, 7), "");
});

test("words that are sent while they are being kept do not come back, by the line or by a reading, and are not kept", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  let arrive = () => {};
  desk.line = new Promise((resolve) => { arrive = resolve; });
  desk.echoes = [];
  here.type("Done");
  await pass(context, 1100);
  assert.equal(desk.drafts.reply.content, "Done");
  here.keeper.sent("reply");
  here.drafts.reply.clear();
  here.keeper.settle();
  desk.echoes.forEach((tell) => tell());
  const loading = here.keeper.load();
  await settled();
  assert.equal(here.drafts.reply.text, "");
  arrive();
  await loading;
  await pass(context, 100);
  assert.deepEqual([here.drafts.reply.text, here.changes, desk.asked, desk.drafts], ["", 0, ["Done", ""], {}]);
});

test("a draft whose saving ends with its line is saved by the next one", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  let fail = () => {};
  desk.line = new Promise((_resolve, reject) => { fail = () => reject(Object.assign(new Error(), { status: 0 })); });
  here.type("On a train");
  await pass(context, 1100);
  desk.drafts = {};
  const { line } = desk;
  desk.line = null;
  await here.keeper.load();
  line.catch(() => {});
  fail();
  await pass(context, 1500);
  assert.deepEqual([desk.asked, desk.drafts.reply?.content], [["On a train", "On a train"], "On a train"]);
});

test("what could not be saved is saved by the next visit, unless something newer is there by then", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  desk.refusal = { status: 0 };
  here.type("On a train");
  await pass(context, 1100);
  here.keeper.flush();
  here.drafts.reply.flush();
  desk.devices = [];
  desk.refusal = null;
  await desk.open(here.storage);
  await pass(context, 1100);
  assert.equal(desk.drafts.reply.content, "On a train");

  desk.refusal = { status: 503 };
  const again = await desk.open(here.storage);
  again.type("Older");
  await pass(context, 1100);
  desk.devices = [];
  desk.refusal = null;
  const there = await desk.open();
  there.type("Newer");
  await pass(context, 1100);
  desk.devices = [];
  assert.equal((await desk.open(here.storage)).drafts.reply.text, "Newer");
});

test("a draft that was sent elsewhere meanwhile is gone here as well; one that was never saved stays", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  here.type("Saved");
  await pass(context, 1100);
  desk.drafts = {};
  here.drafts.note.change("Mine alone");
  here.drafts.note.flush();
  desk.refusal = { status: 503 };
  const again = await desk.open(here.storage);
  assert.deepEqual([again.drafts.reply.text, again.drafts.note.text], ["", "Mine alone"]);
});

test("what is too long for the server stays on this device, and what it refuses is not sent again and again", async (context) => {
  const desk = await begin(context);
  const here = await desk.open();
  here.type("x".repeat(21));
  await pass(context, 1100);
  assert.deepEqual(desk.asked, []);
  desk.refusal = { status: 422 };
  here.type("nul");
  await pass(context, 1100);
  desk.devices = [];
  const again = await desk.open(here.storage);
  await pass(context, 1100);
  assert.deepEqual([desk.asked, again.drafts.reply.text], [["nul"], "nul"]);
});

test("the shelf puts drafts of other devices where a list finds them", async () => {
  const storage = new ForgetfulStorage();
  const draft = { ticket_id: 9, kind: "reply", content: "From home", after: 2, updated_at: "2026-03-01T10:00:00Z" };
  const shelf = new DraftShelf({ api: { get: async () => ({ items: [draft], next_cursor: null }) }, storage, me: priya });
  assert.equal(await shelf.load(), true);
  assert.equal(draftOf(storage, priya, 9), "From home");
  assert.equal(shelf.hear(draft), false);
  assert.equal(shelf.hear({ ...draft, content: "", updated_at: "2026-03-01T10:00:01Z" }), true);
  assert.equal(draftOf(storage, priya, 9), "");
});
