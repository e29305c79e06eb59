/** What agents read under a message of the assistant: where it came from, how sure that was and why, and whether it was right. */

import { readable, sureness } from "../lib/assistant.js";
import { h, icon } from "../lib/dom.js";
import { percent, t } from "../lib/words.js";
import { forAgents, titleLink } from "./reply-behind.js";

function facts(reply) {
  const origins = h("p", { class: "behind-facts" }, origin(reply), reply.source === "rule" ? null : sure(reply.confidence));
  const why = reply.reason && h("p", { class: "behind-why", dir: "auto" }, t("Why: {reason}", { reason: reply.reason }));
  return [origins, why, reply.id ? verdict(reply) : null].filter(Boolean);
}

/** Where an answer came from, in words, with its article where it has one. */
export function origin({ source: kind, citations: [article] }) {
  const words = { rule: t("Answer of a rule"), knowledge: t("From the article"), llm: t("Written by the language model, from") };
  const link = article && kind !== "rule" ? titleLink(article, "/desk/knowledge") : null;
  return h("span", { class: "behind-source" }, icon(kind === "rule" ? "filter" : "file", "small"), h("span", {}, words[kind] ?? t("Without a source"), link && " ", link));
}

/** A word, a number, and a bar that says the same to the eye. */
export function sure(confidence) {
  const share = percent(readable(confidence));
  const words = { sure: t("Sure: {share}", { share }), fairly: t("Fairly sure: {share}", { share }), unsure: t("Not sure: {share}", { share }) };
  const bar = h("span", { class: "sure-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(confidence));
  return h("span", { class: "sure", "data-sure": sureness(confidence) }, bar, words[sureness(confidence)]);
}

function verdict({ id, verdict: said }) {
  const choice = (right, words, picture) => {
    const pressed = right ? said === "right" : said === "wrong" || said === "settled";
    return h("button", { type: "button", class: "verdict-button", "aria-pressed": String(pressed), "data-act": "judge", "data-reply": id, "data-right": String(right) }, icon(picture, "small"), words);
  };
  return h(
    "div",
    { class: "verdict", role: "group", "aria-label": t("Was this right?") },
    h("span", { "aria-hidden": "true" }, t("Was this right?")),
    choice(true, t("Yes"), "check"),
    choice(false, t("No"), "close"),
    said === "settled" && h("span", { class: "hint" }, t("An admin has looked after it")),
  );
}

forAgents.draw = facts;
