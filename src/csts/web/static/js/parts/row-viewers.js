/** The colleagues who have a ticket open, as a row of the list shows them. */

import { avatar, h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

const MOST = 3;

/** @param {import("../lib/viewers.js").Viewer[]} viewers @param {number} typist the id of the agent who types, or 0 */
export function rowViewers(viewers, typist) {
  if (!viewers.length) return null;
  const more = viewers.length - MOST;
  return h("span", { class: "row-viewers" }, ...viewers.slice(0, MOST).map((each) => face(each, typist)), more > 0 ? h("span", { class: "row-more" }, `+${more}`) : null);
}

/** @param {import("../lib/viewers.js").Viewer} viewer @param {number} typist */
function face({ id, name, looking }, typist) {
  const [state, words] = id === typist ? ["typing", t("{name} is typing…", { name })] : looking ? ["looking", t("{name} is looking at this", { name })] : ["away", t("{name} has this open", { name })];
  const picture = state === "typing" ? h("span", { class: "avatar" }, icon("pencil", "small")) : avatar(name);
  return h("span", { class: "row-viewer", "data-state": state, title: words }, picture, h("span", { class: "visually-hidden" }, words));
}
