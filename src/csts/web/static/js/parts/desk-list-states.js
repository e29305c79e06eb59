/** What the desk's list says when it has no rows to show: nothing there, not yet there, or out of reach. */

import { filterCount } from "../lib/desk.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

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

/** @param {import("../lib/desk.js").View} view */
function quietWords({ queue }) {
  if (queue === "awaiting") return [t("Nobody is waiting"), t("Every customer has an answer. New messages appear here by themselves.")];
  return [t("This queue is empty"), t("New tickets appear here by themselves.")];
}

export const skeletonRows = () => Array.from({ length: SKELETON_ROWS }, () => h("li", { "aria-hidden": "true" }, h("div", { class: "desk-row" }, ...LINES.map((line) => h("span", { class: `skeleton row-line ${line}` })))));

/** @param {Error} problem @param {() => void} again */
export const brokenList = (problem, again) =>
  h("li", { class: "empty", role: "alert" }, icon("wifi-off"), h("h2", {}, t("The list could not be read")), h("p", {}, problem.message), act(t("Try again"), again));

/** @param {string} name @param {() => void} onclick */
const act = (name, onclick, looks = "button") => h("button", { type: "button", class: looks, onclick }, name);
