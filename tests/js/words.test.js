import assert from "node:assert/strict";
import { test } from "node:test";
import { size, speak } from "../../src/csts/web/static/js/lib/words.js";

test("an unknown sentence is its own translation, with its names filled in", () => {
  const { t } = speak({}, "en");
  assert.equal(t("Hello {name}, {other}", { name: "Ana" }), "Hello Ana, {other}");
});

test("a name with braces and dollars in it stays as it was written", () => {
  const { t } = speak({}, "en");
  assert.equal(t("with {name}", { name: "$& {name}" }), "with $& {name}");
});

test("a number chooses between one and many, and is written the reader's way", () => {
  const { tn } = speak({ "{count} file": ["{count} Datei", "{count} Dateien"] }, "de");
  assert.equal(tn("{count} file", "{count} files", 1), "1 Datei");
  assert.equal(tn("{count} file", "{count} files", 1234), "1.234 Dateien");
  assert.equal(speak({}, "en").tn("{count} file", "{count} files", 0), "0 files");
});

test("a sentence that has forms is readable without a number", () => {
  assert.equal(speak({ Screenshot: ["Bild", "Bilder"] }, "de").t("Screenshot"), "Bild");
});

test("sizes are told in the unit that people know", () => {
  assert.equal(size(6.2 * 1024 * 1024, "en"), "6.2 MB");
  assert.equal(size(2048, "en"), "2 kB");
});
