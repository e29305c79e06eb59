/** Merged tickets: where their conversation goes on, and what they say to whoever wants to write in them. */

import { t } from "./words.js";

/** @typedef {{id: number, ticket_no: string}} Ref another ticket of the same customer */
/** @typedef {{words: string, into?: Ref}} Bar why nothing can be sent; the way out is `into`, or to reopen */

/** @param {string} kind of the reader @param {number} id */
export const addressFor = (kind, id) => `/${kind === "agent" ? "desk" : "my"}/tickets/${id}`;

/** The merged ticket that a line of the system tells of. @param {{content: string, sender: {kind: string}}} line @param {Ref[]} merged */
export const mergedIn = ({ content, sender }, merged = []) => (sender.kind === "system" ? merged.find(({ ticket_no: number }) => content.split(" ").includes(number)) : undefined);

/** What stands in the way of writing here; agents still write notes in a closed ticket. @param {{status: string, merged_into: Ref|null}} ticket @param {string} kind @returns {Bar|null} */
export function barOf({ status, merged_into: into }, kind) {
  if (into) return merged(into);
  return status === "closed" && kind === "customer" ? { words: t("This ticket is closed. Reopen it to write again; your text is kept.") } : null;
}

/** What a refusal says of that; a frame has its members at hand, an answer by HTTP in its body. @param {any} problem @returns {Bar|null} */
export function barOfRefusal(problem) {
  if (problem.code === "ticket_merged") return merged((problem.body ?? problem).merged_into);
  return problem.code === "ticket_closed" ? { words: problem.detail } : null;
}

/** @param {Ref} into */
const merged = (into) => ({ words: t("This ticket was merged into {number}. Go on there; what you have typed comes with you.", { number: into.ticket_no }), into });
