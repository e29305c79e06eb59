/** Says what has happened to those who do not see it, where nothing else on the page is read out. */

import { h } from "../lib/dom.js";

// It stands in the page before there is anything to say: a region that comes with its first words is not read out.
const voice = h("p", { class: "visually-hidden", role: "status" });
document.body.append(voice);

/** One thing at a time: what comes later takes the place of what was said before. */
export function say(/** @type {string} */ words) {
  voice.textContent = words;
}
