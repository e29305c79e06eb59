/** Canned replies: what a form holds, which one is meant, what fills their blanks, and what a macro does besides. */

import { folded } from "./folded.js";
import { name } from "./names.js";
import { sentence, t } from "./words.js";

/**
 * @typedef {{id: number, shortcut: string, title: string, text: string, status: string|null, priority: string|null, assign: boolean, shared: boolean}} Reply
 * @typedef {{status?: string, priority?: string, assign?: boolean}} After what a macro does besides
 */

export const FIELDS = ["shortcut", "title", "text", "status", "priority", "assign", "shared"];
export const EMPTY = { shortcut: "", title: "", text: "", status: null, priority: null, assign: false, shared: false };

/** The blanks that a text may have, and what stands in them. @type {Record<string, string>} */
export const PLACEHOLDERS = {
  "customer.first_name": sentence("Customer's first name"),
  "customer.name": sentence("Customer's name"),
  "agent.first_name": sentence("Your first name"),
  "agent.name": sentence("Your name"),
  "ticket.number": sentence("Ticket number"),
  "ticket.subject": sentence("Subject"),
};

/** @type {import("./versions.js").Kind} */
export const CANNED = {
  fields: FIELDS,
  names: {
    shortcut: sentence("Shortcut"),
    title: sentence("Title"),
    text: sentence("Text"),
    status: sentence("Set the status"),
    priority: sentence("Set the priority"),
    assign: sentence("Assign to me"),
    shared: sentence("For all agents"),
  },
  nobody: sentence("From the start"),
  said(field, value) {
    if (typeof value === "boolean") return value ? t("Yes") : t("No");
    return field === "status" || field === "priority" ? value && name(value) : value;
  },
};

/** What happens with it besides being said. @param {Reply} reply @returns {After|null} null for one that is only said */
export function afterOf({ status, priority, assign }) {
  const after = { ...(status ? { status } : {}), ...(priority ? { priority } : {}), ...(assign ? { assign } : {}) };
  return Object.keys(after).length ? after : null;
}

/** The same in words. @param {After} after */
export const afterWords = ({ status, priority, assign }) =>
  [status && name(status), priority && name(priority), assign && t("Assign to me")].filter(Boolean).join(" · ");

/** All that a macro does, such as "Reply · Resolved · High". @param {Reply} reply @param {string} [said] what its text becomes */
export const effects = (reply, said = t("Reply")) => [reply.text && said, afterWords(reply)].filter(Boolean).join(" · ");

/** @param {string} full */
const firstName = (full) => full.trim().split(/\s+/u)[0];

/** @param {any} ticket null while it is not here yet @param {{name: string}} me @returns {Record<string, string>} */
export const valuesOf = (ticket, me) => ({
  "customer.name": ticket?.customer.name ?? "",
  "customer.first_name": firstName(ticket?.customer.name ?? ""),
  "agent.name": me.name,
  "agent.first_name": firstName(me.name),
  "ticket.number": ticket?.ticket_no ?? "",
  "ticket.subject": ticket?.subject ?? "",
});

const BLANK = /([ \t]*)\{\{\s*([\w.]+)\s*\}\}/g;
const LEADING_BLANK = /^[ \t]*\{\{\s*([\w.]+)\s*\}\}[,;:]?[ \t]*/gm;

/**
 * The text with its blanks filled. One without a value goes with the space before it, at the start of a line with the comma
 * behind it: "Hi {{customer.first_name}}," becomes "Hi,". What is filled in is not looked at again.
 * @param {string} text @param {Record<string, string>} values
 */
export const filled = (text, values) =>
  text
    .replace(LEADING_BLANK, (whole, blank) => (values[blank] === "" ? "" : whole))
    .replace(BLANK, (whole, space, blank) => (Object.hasOwn(values, blank) ? values[blank] && space + values[blank] : whole));

/** What the server would refuse, beside its field. @param {string} text */
export function placeholderComplaints(text) {
  const unknown = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].find(([, blank]) => !Object.hasOwn(PLACEHOLDERS, blank.trim()));
  return unknown ? [{ field: "text", message: t("There is no placeholder {name}. Choose one of those below.", { name: unknown[0].slice(0, 60) }) }] : [];
}

const SLASH = /(?:^|\s)\/([^\s/]{0,40})$/u;

/**
 * What is typed behind a slash, if the caret stands at the end of it: at the start of a line, or behind white space.
 * @param {string} text @param {number} caret @returns {{start: number, end: number, query: string}|null}
 */
export function slashAt(text, caret) {
  const found = /\S/u.test(text.charAt(caret)) ? null : SLASH.exec(text.slice(0, caret));
  return found && { start: caret - found[1].length - 1, end: caret, query: found[1] };
}

/** How well one word says which it is, the least is best; Infinity for not at all. @param {Reply} reply @param {string} word */
function distance({ shortcut, title, text }, word) {
  const [short, long] = [folded(shortcut), folded(title)];
  if (short === word) return 0;
  if (short.startsWith(word)) return 1;
  if (long.split(/\s+/u).some((each) => each.startsWith(word))) return 2;
  if (short.includes(word) || long.includes(word)) return 3;
  return word.length > 2 && folded(text).includes(word) ? 4 : Infinity;
}

/** Those that all words of the query mean, the closest first; among equals one's own first. @param {Reply[]} replies @param {string} query */
export function matching(replies, query) {
  const words = folded(query).split(/\s+/u).filter(Boolean);
  const ranked = replies.map((reply) => ({ reply, far: words.reduce((sum, word) => sum + distance(reply, word), 0) }));
  const order = (/** @type {any} */ one, /** @type {any} */ other) =>
    one.far - other.far || Number(one.reply.shared) - Number(other.reply.shared) || one.reply.shortcut.localeCompare(other.reply.shortcut);
  return ranked.filter(({ far }) => far < Infinity).sort(order).map(({ reply }) => reply);
}
