/** What the desk's list says when it has no rows to show: nothing there, not yet there, or out of reach. */

import { filterCount } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { sentence, t, tn } from "../lib/words.js";

const SKELETON_ROWS = 5;
const LINES = ["long", "short", "middle"];

/**
 * @param {import("../lib/desk.js").View} view
 * @param {{clear: () => void, widen: () => void}} acts
 */
export function emptyList(view, { clear, widen }) {
  const isNarrowed = Boolean(view.q || filterCount(view));
  const [title, hint] = isNarrowed ? [t("Nothing matches"), t("Try fewer words or filters.")] : quietWords(view);
  const wider = view.q && view.queue !== "all" ? act(t("Search all tickets"), widen, "button primary") : null;
  return h("li", { class: "empty" }, icon(isNarrowed ? "search" : "inbox"), h("h2", {}, title), h("p", {}, hint), wider, isNarrowed ? act(t("Clear search and filters"), clear) : null);
}

/** How much a search has found, for those who do not see the list. @param {{items: any[], next_cursor: string|null}} found */
export function foundWords({ items, next_cursor: more }) {
  if (!items.length) return t("Nothing found");
  return more ? t("More than {count} tickets found", { count: items.length }) : tn("{count} ticket found", "{count} tickets found", items.length);
}

/** Before anything is asked: one letter would find everything. */
export const shortSearch = () => h("li", { class: "empty" }, icon("search"), h("h2", {}, t("Type a little more")), h("p", {}, t("A search needs a word of at least two letters, or a number.")));

/** @param {import("../lib/desk.js").View} view */
function quietWords({ queue }) {
  if (queue === "awaiting") return [t("Nobody is waiting"), t("Every customer has an answer. New messages appear here by themselves.")];
  if (queue === "mentions") return [t("Nobody has mentioned you"), t("When a colleague writes @ and your name in a note, the ticket appears here by itself.")];
  if (queue === "mine") return [t("You have no open ticket"), t("What you claim, or a colleague hands over to you, appears here by itself.")];
  if (queue === "snoozed") return [t("Nothing is snoozed"), t("A ticket that is put aside waits here for its time.")];
  if (queue === "solved") return [t("This queue is empty"), t("A ticket stays here from its solution until it is closed.")];
  return [t("This queue is empty"), t("New tickets appear here by themselves.")];
}

export const skeletonRows = () => Array.from({ length: SKELETON_ROWS }, () => h("li", { "aria-hidden": "true" }, h("div", { class: "desk-row" }, ...LINES.map((line) => h("span", { class: `skeleton row-line ${line}` })))));

const BROKEN = /** @type {Record<string, string>} */ ({ search_too_slow: sentence("This search takes too long"), search_busy: sentence("Many people are searching") });

/** @param {Error & {code?: string}} problem @param {() => void} again */
export function brokenList({ code = "", message }, again) {
  const known = BROKEN[code];
  const title = known ?? sentence("The list could not be read");
  return h("li", { class: "empty", role: "alert" }, icon(known ? "clock" : "wifi-off"), h("h2", {}, t(title)), h("p", {}, message), act(t("Try again"), again));
}

/** @param {string} name @param {() => void} onclick */
const act = (name, onclick, looks = "button") => h("button", { type: "button", class: looks, onclick }, name);
