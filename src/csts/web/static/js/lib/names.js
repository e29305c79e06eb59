/** The words of the desk's own terms; a category that only the operator knows is shown as he wrote it. */

import { sentence, t } from "./words.js";

/** @type {Record<string, string>} */
const NAMES = {
  account: sentence("Account"),
  billing: sentence("Billing"),
  technical: sentence("Technical"),
  general: sentence("General"),
  low: sentence("Low"),
  medium: sentence("Medium"),
  high: sentence("High"),
  urgent: sentence("Urgent"),
  open: sentence("Open"),
  in_progress: sentence("In progress"),
  waiting: sentence("Waiting for the customer"),
  resolved: sentence("Resolved"),
  closed: sentence("Closed"),
};

/** The name of a category, priority or status. @param {string} term */
export const name = (term) => (NAMES[term] ? t(NAMES[term]) : term.charAt(0).toLocaleUpperCase() + term.slice(1));

/** The same where there is little room. @param {string} status */
export const shortName = (status) => (status === "waiting" ? t("Waiting") : name(status));

/** How a person of a room is called; the assistant has a name in each language. @param {{kind: string, name: string}} person */
export const personName = ({ kind, name: own }) => (kind === "assistant" ? t("Assistant") : own);
