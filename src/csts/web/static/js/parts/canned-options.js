/** A list of canned replies to choose from. */

import { effects } from "../lib/canned.js";
import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";
import { OptionList } from "./option-list.js";

/** @typedef {import("../lib/canned.js").Reply} Reply */

/**
 * @param {{id: string, choose: (reply: Reply) => void, said: () => string, fill: (text: string) => string}} what what a text
 *   becomes, and how it reads here
 * @returns {OptionList<Reply>}
 */
export const cannedOptions = ({ id, choose, said, fill }) => new OptionList({ id, name: t("Canned replies"), choose, draw: (reply) => draw(reply, said(), fill) });

/** @param {Reply} reply @param {string} said @param {(text: string) => string} fill */
function draw(reply, said, fill) {
  const does = effects({ ...reply, text: "" });
  return [
    h("span", { class: "option-head" },
      h("strong", { dir: "auto" }, reply.title),
      h("code", {}, `/${reply.shortcut}`),
      reply.shared ? null : h("span", { class: "pill" }, t("Only you")),
      does ? h("span", { class: "pill accent" }, icon("bolt", "small"), effects(reply, said)) : null),
    reply.text ? h("span", { class: "canned-text", dir: "auto" }, fill(reply.text)) : null,
  ];
}
