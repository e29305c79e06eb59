/** What stands under a message of the assistant: its source for everybody, how sure it was for agents, quick words for the customer. */

import { readable, sureness } from "../lib/assistant.js";
import { h, icon } from "../lib/dom.js";
import { percent, t } from "../lib/words.js";

/** Everything that its looks depend on, as text. `assistant` is `{behind, open}`. */
export function looksOfBehind({ id }, assistant) {
  const reply = assistant?.behind.get(id);
  return reply ? `${reply.verdict}-${assistant.open === id}` : "";
}

/** Null where nothing is known about the message. */
export function drawBehind({ id }, { me, assistant }) {
  const reply = assistant?.behind.get(id);
  if (!reply) return null;
  if (me.kind === "agent") return h("div", { class: "behind", "aria-live": "off" }, ...forAgents(reply));
  const parts = [source(reply.citations[0]), assistant.open === id && quickWords(reply)].filter(Boolean);
  return parts.length ? h("div", { class: "behind" }, ...parts) : null;
}

const source = (article) =>
  article && h("p", { class: "behind-source" }, icon("help", "small"), h("span", {}, t("From our help:"), " ", titleLink(article, "/help")));

function titleLink({ id, title }, base) {
  return h("a", { href: `${base}/${id}`, target: "_blank", rel: "noopener", dir: "auto" }, title);
}

function quickWords({ citations }) {
  const words = (act, words, picture) => h("button", { type: "button", class: "button quick-word", "data-act": "say", "data-words": act }, icon(picture, "small"), words);
  const helped = citations.length ? words("helped", t("That helped"), "check") : null;
  return h("div", { class: "quick-words", role: "group", "aria-label": t("Quick answers") }, ...[helped, words("person", t("Talk to a person"), "user")].filter(Boolean));
}

function forAgents(reply) {
  const facts = h("p", { class: "behind-facts" }, origin(reply), reply.source === "rule" ? null : sure(reply.confidence));
  const why = reply.reason && h("p", { class: "behind-why", dir: "auto" }, t("Why: {reason}", { reason: reply.reason }));
  return [facts, why, reply.id ? verdict(reply) : null].filter(Boolean);
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
