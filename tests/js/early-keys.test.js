import assert from "node:assert/strict";
import { test } from "node:test";

import { EarlyKeys } from "../../src/csts/web/static/js/lib/early-keys.js";

/** A page, its keys, and what may have them for itself. */
function begin() {
  const page = Object.assign(new EventTarget(), { isTyping: false });
  const early = new EarlyKeys(() => page.isTyping);
  early.listen(page);
  const press = (...keys) => keys.forEach((key) => page.dispatchEvent(Object.assign(new Event("keydown"), { key })));
  const obeyed = (act = () => {}) => {
    const done = [];
    early.pass(({ key }) => (done.push(key), act(key)));
    return done;
  };
  return { page, press, obeyed };
}

test("keys are obeyed in order, once, and none is kept behind that", () => {
  const { press, obeyed } = begin();
  press("j", "j", "x");
  assert.deepEqual(obeyed(), ["j", "j", "x"]);
  press("z");
  assert.deepEqual(obeyed(), []);
});

test("who takes the mouse meanwhile waits for none of the keys before", () => {
  const { page, press, obeyed } = begin();
  press("e");
  page.dispatchEvent(new Event("pointerdown"));
  press("j");
  assert.deepEqual(obeyed(), ["j"]);
});

test("what is typed into a field is no command, then or later", () => {
  const { page, press, obeyed } = begin();
  page.isTyping = true;
  press("e");
  page.isTyping = false;
  press("r", "e", "u");
  assert.deepEqual(obeyed((key) => (page.isTyping = key === "r")), ["r"]);
});

test("who rests on a key is not obeyed a hundred times", () => {
  const { press, obeyed } = begin();
  press(...Array.from({ length: 100 }, () => "j"));
  assert.equal(obeyed().length, 20);
});
