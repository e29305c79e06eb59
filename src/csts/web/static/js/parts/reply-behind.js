/** What stands under a message of the assistant: its source for everybody, how sure it was for agents, quick words for the customer. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** What agents read there (parts/reply-facts.js puts itself here); customers need not load it. */
export const forAgents = { /** @type {(reply: any) => Node[]} */ draw: () => [] };

/** Everything that its looks depend on, as text. `assistant` is `{behind, open}`. */
export function looksOfBehind({ id }, assistant) {
  const reply = assistant?.behind.get(id);
  return reply ? `${reply.verdict}-${assistant.open === id}` : "";
}

/** Null where nothing is known about the message. */
export function drawBehind({ id }, { me, assistant }) {
  const reply = assistant?.behind.get(id);
  if (!reply) return null;
  if (me.kind === "agent") return h("div", { class: "behind", "aria-live": "off" }, ...forAgents.draw(reply));
  const parts = [source(reply.citations[0]), assistant.open === id && quickWords(reply)].filter(Boolean);
  return parts.length ? h("div", { class: "behind" }, ...parts) : null;
}

const source = (article) =>
  article && h("p", { class: "behind-source" }, icon("help", "small"), h("span", {}, t("From our help:"), " ", titleLink(article, "/help")));

export function titleLink({ id, title }, base) {
  return h("a", { href: `${base}/${id}`, target: "_blank", rel: "noopener", dir: "auto" }, title);
}

function quickWords({ citations }) {
  const words = (act, words, picture) => h("button", { type: "button", class: "button quick-word", "data-act": "say", "data-words": act }, icon(picture, "small"), words);
  const helped = citations.length ? words("helped", t("That helped"), "check") : null;
  return h("div", { class: "quick-words", role: "group", "aria-label": t("Quick answers") }, ...[helped, words("person", t("Talk to a person"), "user")].filter(Boolean));
}
