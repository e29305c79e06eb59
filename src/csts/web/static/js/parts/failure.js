/** What stands in place of something that could not be read: what happened, and one thing to do. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** @param {string} title @param {Error} problem @param {() => void} again */
export const failure = (title, problem, again) =>
  h("div", { class: "empty surface", role: "alert" }, icon("wifi-off"),
    h("h2", {}, title),
    h("p", {}, t(problem.message)),
    h("button", { type: "button", class: "button", onclick: again }, t("Try again")));
