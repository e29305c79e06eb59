/** A rule while it is edited, and how its versions read. */

import { sentence, t } from "./words.js";

/** What a form holds; the place in the order is moved elsewhere. */
export const FIELDS = ["name", "phrases", "reply", "action", "whole", "enabled"];
export const EMPTY = { name: "", phrases: [], reply: "", action: "answer", whole: false, enabled: true };

/** What a rule does: the word, its icon, its tone. @type {Record<string, [string, string, string]>} */
export const ACTIONS = {
  answer: [sentence("Answers"), "chat", ""],
  handover: [sentence("Hands over"), "user", "accent"],
  ticket_status: [sentence("Ticket status"), "inbox", "info"],
};

/** @param {boolean} is */
const answerTo = (is) => (is ? t("Yes") : t("No"));

/** @type {import("./versions.js").Kind} */
export const RULE = {
  fields: [...FIELDS, "position", "deleted"],
  names: {
    name: sentence("Name"),
    phrases: sentence("Phrases"),
    reply: sentence("Reply"),
    action: sentence("What happens"),
    whole: sentence("Only if the message consists of nothing else"),
    enabled: sentence("Switched on"),
    position: sentence("Place"),
    deleted: sentence("Deleted"),
  },
  nobody: sentence("From the start"),
  said(field, value) {
    if (field === "action") return t(ACTIONS[value][0]);
    if (field === "position") return String(value);
    if (field === "deleted") return value ? t("Yes") : "";
    return typeof value === "boolean" ? answerTo(value) : value;
  },
};
