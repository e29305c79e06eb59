/** One list of commands for keys, sheet and palette: which key means what, and what a few letters find. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Commands, isBare, isCharacter, keysOf, numberIn, pressOf, ranked, used } from "../../src/csts/web/static/js/lib/commands.js";

const press = (key, more = {}) => pressOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const command = (id, name, more = {}) => ({ id, name, act: () => {}, ...more });
const names = (commands) => commands.map(({ name }) => name);

test("a press is the key with what is held beside it", () => {
  assert.equal(press("j"), "j");
  assert.equal(press("E", { shiftKey: true }), "Shift+e");
  assert.equal(press("k", { metaKey: true }), "Mod+k");
  assert.equal(press("Enter", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Enter");
});

test("caps lock is no Shift, and the Shift of a character is a part of it", () => {
  assert.equal(press("E"), "e");
  assert.equal(press("?", { shiftKey: true }), "?");
});

test("Alt on a Mac changes the character and not the key; AltGr belongs to its character", () => {
  assert.equal(press("´", { code: "KeyE", metaKey: true, altKey: true }), "Mod+Alt+e");
  assert.equal(press("€", { code: "KeyE", ctrlKey: true, altKey: true, getModifierState: (name) => name === "AltGraph" }), "€");
});

test("a bare key belongs to the field that somebody types in, and only what writes a character can be off", () => {
  const presses = ["j", "Shift+e", "?", "Escape", "ArrowDown", "Mod+k", "Mod+Alt+e"];
  assert.deepEqual(presses.map(isBare), [true, true, true, true, true, false, false]);
  assert.deepEqual(presses.map(isCharacter), [true, true, true, false, false, false, false]);
});

test("the names of keys are those on the keyboard at hand", () => {
  assert.deepEqual(keysOf("Mod+Alt+e"), ["Ctrl", "Alt", "E"]);
  assert.deepEqual(keysOf("Mod+k", true), ["⌘", "K"]);
  assert.deepEqual([keysOf("j"), keysOf("Escape"), keysOf("+")], [["j"], ["Esc"], ["+"]]);
});

test("a key does what can be done now, and a later command of the same id takes over", () => {
  let isOpen = false;
  const list = new Commands();
  list.add(command("reply", "Reply", { keys: ["r"], when: () => isOpen }), command("next", "Next", { keys: ["j", "ArrowDown"] }));
  assert.equal(list.forKey("r"), undefined);
  isOpen = true;
  assert.equal(list.forKey("r")?.id, "reply");
  assert.equal(list.forKey("ArrowDown")?.id, "next");
  list.add(command("next", "The next one", { keys: ["j"] }));
  assert.equal(list.forKey("ArrowDown"), undefined);
  assert.deepEqual(names(list.withKeys), ["Reply", "The next one"]);
});

test("the palette has what can be done now, what is offered for the moment too, and nothing that is only a key", () => {
  const list = new Commands();
  list.add(command("escape", "Back", { keys: ["Escape"], onlyKey: true }), command("claim", "Claim", { when: () => false }), command("help", "Help"));
  list.offer(() => [command("status", "Status: Resolved")]);
  assert.deepEqual(names(list.possible), ["Help", "Status: Resolved"]);
});

test("words are found by how they begin before what stands inside of them; letters alone only where nothing else fits", () => {
  const all = ["Previous ticket", "Status: Resolved", "Queue: Unresolved", "Resolve and next"].map((name, at) => command(String(at), name));
  assert.deepEqual(names(ranked(all, "res", [])), ["Status: Resolved", "Resolve and next", "Queue: Unresolved"]);
  assert.deepEqual(names(ranked(all, "next res", [])), ["Resolve and next"]);
  assert.deepEqual(names(ranked(all, "pvtk", [])), ["Previous ticket"]);
  assert.deepEqual(ranked(all, "zebra", []), []);
  assert.equal(ranked(all, "", []).length, all.length);
});

test("accents and case are no matter, and other words for a thing are found too", () => {
  assert.deepEqual(names(ranked([command("a", "Überblick", { words: "dashboard" })], "uber dash", [])), ["Überblick"]);
});

test("of equals those that were used last come first", () => {
  const all = ["a", "b", "c"].map((id) => command(id, `Go to ${id}`));
  assert.deepEqual(names(ranked(all, "go", used(used([], "b"), "c"))), ["Go to c", "Go to b", "Go to a"]);
  assert.deepEqual(used(["a", "b"], "b"), ["b", "a"]);
  assert.equal(Array.from({ length: 40 }, (_, at) => String(at)).reduce(used, []).length, 12);
});

test("a ticket is meant by its number in every way of writing it", () => {
  assert.deepEqual(["L1-000123", "l1 123", "#123", "123", " 000123 "].map(numberIn), [123, 123, 123, 123, 123]);
  assert.deepEqual(["", "0", "12a", "card 12", "12345678901"].map(numberIn), [null, null, null, null, null]);
});
