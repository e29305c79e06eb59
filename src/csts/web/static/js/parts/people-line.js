/** One quiet line above the composer: who is typing, else who is here. */

import { h } from "../lib/dom.js";
import { formatOf } from "../lib/formats.js";
import { personName } from "../lib/names.js";
import { t } from "../lib/words.js";

const MOST_NAMES = 3;

/** Fills `element`; it is cleared where there is nothing to say, and keeps its height so that nothing jumps. */
export function peopleLine(element, { me, online, typing }) {
  const others = online.filter(({ kind, id }) => kind !== me.kind || id !== me.id);
  const words = typing.length ? typingWords(typing) : hereWords(others);
  element.toggleAttribute("data-typing", typing.length > 0);
  if (element.textContent !== words) element.replaceChildren(...(words ? [h("span", { class: "room-dot" }), h("bdi", {}, words)] : []));
}

function typingWords(people) {
  const names = people.slice(0, MOST_NAMES).map(personName);
  if (names.length === 1) return t("{name} is typing…", { name: names[0] });
  return t("{names} are typing…", { names: listed(names) });
}

function hereWords(people) {
  if (!people.length) return "";
  const names = people.slice(0, MOST_NAMES).map(personName);
  if (people.length === 1) return t("{name} is here", { name: names[0] });
  return t("{names} are here", { names: listed(names) });
}

/** As a sentence lists them. @param {string[]} names */
export function listed(names) {
  return formatOf("ListFormat", document.documentElement.lang || "en", { type: "conjunction" }).format(names);
}
