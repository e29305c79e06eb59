/** Two have changed one thing: what the other one did, and both texts where they wrote in the same place. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";
import { changeList, changesBetween, shown } from "./version-difference.js";

/** @typedef {import("../lib/versions.js").Kind} Kind */

/** @param {string} title @param {HTMLElement} text @param {string} act @param {() => void} use */
const side = (title, text, act, use) => h("div", { class: "clash-side" }, h("h4", {}, title), text, h("button", { type: "button", class: "button", onclick: use }, act));

/** @param {Kind} kind @param {string} field @param {any} mine @param {any} theirs @param {(field: string, source: any) => void} use */
const choice = (kind, field, mine, theirs, use) =>
  h("div", { class: "clash-field" },
    h("h3", {}, t(kind.names[field])),
    h("div", { class: "clash-sides" },
      side(t("Saved there"), shown(kind, field, theirs), t("Use the saved text"), () => use(field, theirs)),
      side(t("Yours"), shown(kind, field, mine), t("Use my text"), () => use(field, mine))));

/**
 * @param {{kind: Kind, before: any, mine: any, theirs: any, clashes: string[], use: (field: string, source: any) => void}} both
 * @returns {HTMLElement}
 */
export function clashNotice({ kind, before, mine, theirs, clashes, use }) {
  const who = theirs.updated_by?.name;
  return h("section", { class: "clash notice info", role: "alert", tabindex: "-1" }, icon("users"),
    h("div", {},
      h("h2", {}, who ? t("{name} has saved version {number} in the meantime", { name: who, number: theirs.version }) : t("Version {number} has been imported in the meantime", { number: theirs.version })),
      h("p", {}, clashes.length ? t("Nothing of yours is lost, and nothing is saved yet. Where you both wrote, your text stands in the form; choose, and save.") : t("Nothing of yours is lost. Both changes fit together in the form; please look at it, and save.")),
      h("details", {}, h("summary", {}, t("What was changed there")), changeList(changesBetween(kind, before, theirs))),
      ...clashes.map((field) => choice(kind, field, mine, theirs, use))));
}
