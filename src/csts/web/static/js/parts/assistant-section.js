/** The assistant in the desk's context pane: how far it has come with this ticket, why it stopped, and its summary. */

import { h, icon } from "../lib/dom.js";
import { t } from "../lib/words.js";

/** Null where it has had no part in the ticket. @param {any} talk what GET /tickets/{id}/assistant tells, or null */
export function assistantSection(talk) {
  if (!talk || (!talk.speaks && !talk.outcome && !talk.replies.length)) return null;
  const { words, picture, tone } = state(talk);
  return h("section", { class: "context-assistant" },
    h("h3", {}, t("Assistant")),
    h("p", {}, h("span", { class: `pill ${tone}` }, icon(picture, "small"), words)),
    talk.reason ? h("p", { class: "assistant-why", dir: "auto" }, t("Why: {reason}", { reason: talk.reason })) : null,
    talk.summary ? summary(talk.summary) : null);
}

/** @param {any} talk */
function state({ speaks, outcome }) {
  if (outcome === "handed_over") return { words: t("Handed over to a person"), picture: "users", tone: "warning" };
  if (outcome === "solved") return { words: t("Solved by the assistant"), picture: "check", tone: "success" };
  if (speaks) return { words: t("Still answering"), picture: "assistant", tone: "accent" };
  return { words: t("Silent: a person is on it"), picture: "user", tone: "" };
}

/** @param {string} text */
const summary = (text) =>
  h("div", { class: "assistant-summary" }, h("h4", {}, t("Summary")), h("p", { class: "assistant-lines", dir: "auto" }, text));
