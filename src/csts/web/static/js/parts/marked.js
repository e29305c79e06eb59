/** A text in which the words of a search are marked. */

import { h, icon } from "../lib/dom.js";
import { partsOf } from "../lib/search.js";
import { sentence, t } from "../lib/words.js";

const PLACES = { description: sentence("Description:"), note: sentence("Note:") };

/** @param {string} text @param {import("../lib/search.js").Mark[]} marks */
export const marked = (text, marks) => partsOf(text, marks).map((part) => (part.isMarked ? h("mark", {}, part.text) : part.text));

/** The passage that a search has found, and where it stands if that is not the talk. @param {import("../lib/search.js").Found} found @param {string} looks */
export function passage({ text, marks, where }, looks) {
  const place = where && where !== "message" ? PLACES[where] : "";
  return h("span", { class: looks, dir: "auto" }, where === "note" ? icon("lock", "small") : null, place ? h("b", {}, t(place), " ") : null, ...marked(text, marks));
}

/** What stands under the last row of a search that has not looked through everything. */
export const olderToo = () => h("p", { class: "list-end" }, t("Older tickets may match as well. Add a word or a filter to find them."));
