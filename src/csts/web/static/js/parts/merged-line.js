/** Under the line that tells of a merge: the other ticket's own thread, fetched when somebody wants to read it. */

import { h } from "../lib/dom.js";
import { mergedIn } from "../lib/merged.js";
import { style } from "../lib/style.js";
import { t } from "../lib/words.js";

/** Null for every other line. @param {any} message @param {{me: any, merged?: import("../lib/merged.js").Ref[]}} view */
export function foldUnder(message, { me, merged }) {
  const ticket = mergedIn(message, merged);
  if (!ticket) return null;
  style("merge").catch(() => {});
  // What is read up later is no news of this conversation.
  const place = h("div", { "aria-live": "off" });
  const open = async () => {
    if (!fold.open || place.childElementCount) return;
    const { EarlierThread } = await import("./earlier-thread.js");
    place.replaceChildren(new EarlierThread(ticket, { me, merged }).element);
  };
  const fold = /** @type {HTMLDetailsElement} */ (h("details", { class: "merged-talk", ontoggle: open }, h("summary", {}, t("Read {number} here", { number: ticket.ticket_no })), place));
  return fold;
}
