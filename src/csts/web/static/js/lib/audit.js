/** The audit log in words: what an entry says, what belongs to it, and which acts stand together. */

import { number, sentence, t, tn } from "./words.js";

/**
 * @typedef {{id: number, at: string, who: {kind: string, id: number|null, name: string}, address: string|null, act: string,
 *   about: {kind: string, id: number|null, name: string}|null, details: Record<string, any>}} Entry
 */

/** What may be looked for; the first is everything. @type {Record<string, {name: string, acts: string[]}>} */
export const GROUPS = {
  all: { name: sentence("Everything"), acts: [] },
  sessions: { name: sentence("Signing in and out"), acts: ["signed_in", "sign_in_failed", "signed_out", "session_stolen"] },
  accounts: { name: sentence("Accounts"), acts: ["agent_added", "agent_changed", "password_set", "email_changed", "factor_on", "factor_off", "factor_reset", "recovery_codes_renewed"] },
  knowledge: { name: sentence("Articles and rules"), acts: ["article_added", "article_changed", "articles_imported", "rule_added", "rule_changed", "rule_deleted"] },
  replies: { name: sentence("Shared replies and views"), acts: ["reply_added", "reply_changed", "reply_deleted", "view_added", "view_changed", "view_deleted"] },
  tickets: { name: sentence("Many tickets at once"), acts: ["tickets_changed", "tickets_restored"] },
  operation: { name: sentence("Operation"), acts: ["task_retried", "task_discarded", "audit_downloaded"] },
  privacy: { name: sentence("Data of customers"), acts: ["customer_exported", "customer_erased", "tickets_erased"] },
};

/** @type {Record<string, string>} */
const SENTENCES = {
  signed_in: sentence("{who} signed in"),
  signed_out: sentence("{who} signed out"),
  session_stolen: sentence("A session of {about} was used from two places, and ended"),
  agent_added: sentence("{who} made the account of {about}"),
  agent_changed: sentence("{who} changed the account of {about}"),
  password_set: sentence("{who} set a new password for {about}"),
  email_changed: sentence("{who} changed the own e-mail address"),
  factor_on: sentence("{who} turned the second factor on"),
  factor_off: sentence("{who} turned the second factor off"),
  factor_reset: sentence("{who} reset the second factor of {about}"),
  recovery_codes_renewed: sentence("{who} made new recovery codes"),
  article_added: sentence("{who} wrote the article “{about}”"),
  article_changed: sentence("{who} changed the article “{about}”"),
  articles_imported: sentence("{who} imported articles"),
  rule_added: sentence("{who} made the rule “{about}”"),
  rule_changed: sentence("{who} changed the rule “{about}”"),
  rule_deleted: sentence("{who} deleted the rule “{about}”"),
  reply_added: sentence("{who} wrote the shared reply “{about}”"),
  reply_changed: sentence("{who} changed the shared reply “{about}”"),
  reply_deleted: sentence("{who} deleted the shared reply “{about}”"),
  view_added: sentence("{who} shared the view “{about}”"),
  view_changed: sentence("{who} changed the shared view “{about}”"),
  view_deleted: sentence("{who} deleted the shared view “{about}”"),
  tickets_changed: sentence("{who} changed many tickets at once"),
  tickets_restored: sentence("{who} undid a change to many tickets"),
  task_retried: sentence("{who} had failed work tried again: {about}"),
  task_discarded: sentence("{who} discarded failed work: {about}"),
  customer_exported: sentence("{who} took the data of customer {about} along"),
  customer_erased: sentence("{who} erased customer {about}"),
  tickets_erased: sentence("{who} erased closed tickets whose time was over"),
  audit_downloaded: sentence("{who} downloaded the audit log"),
};

/** @type {Record<string, string>} */
const NAMELESS = { operator: sentence("The operator"), desk: sentence("The desk"), nobody: sentence("Somebody") };

/** What happened, in one sentence; a newer server may know acts that this page does not. @param {Entry} entry */
export function told({ act, who, about, details }) {
  const names = { who: nameOf(who), about: about?.name ?? "" };
  if (act === "sign_in_failed") return failure(details, about?.name);
  return SENTENCES[act] ? t(SENTENCES[act], names) : [names.who, act, names.about].join(" ").trim();
}

/** Customers have numbers here: the log outlives their data. @param {Entry["who"]} who */
function nameOf({ kind, name }) {
  if (NAMELESS[kind]) return t(NAMELESS[kind]);
  return kind === "customer" ? t("Customer {number}", { number: name }) : name;
}

/** @param {Record<string, any>} details @param {string} [about] */
function failure({ why, place }, about) {
  if (!about) return t("Somebody failed to sign in with a name that nobody has");
  if (place === "settings") return t("A wrong password was typed in the settings of {about}", { about });
  return why === "code" ? t("Somebody knew the password of {about}, and no code", { about }) : t("Somebody failed to sign in as {about}", { about });
}

/** What belongs to it, in few words each. @param {Entry} entry @returns {string[]} */
export function facts({ details }) {
  const { second_factor: factor, role, active, name, username, version, tickets, added, changed } = details;
  return [
    factor && t("with a second factor"),
    role && (role === "admin" ? t("Admin") : t("Agent")),
    active === true && t("Activated"),
    active === false && t("Deactivated"),
    name && t("Name: {name}", { name }),
    username && t("Username: {name}", { name: username }),
    version && t("Version {number}", { number: number(version) }),
    tickets && tn("{count} ticket", "{count} tickets", Array.isArray(tickets) ? tickets.length : tickets),
    added !== undefined && t("{added} new, {changed} changed", { added: number(added), changed: number(changed) }),
  ].filter(Boolean);
}

/**
 * The question for the server. Days are the reader's: from the first moment of one to the last of the other.
 * @param {{group?: string, agent?: string, from?: string, to?: string}} chosen
 */
export function queryOf({ group = "all", agent = "", from = "", to = "" }) {
  const query = new URLSearchParams((GROUPS[group] ?? GROUPS.all).acts.map((act) => ["act", act]));
  if (agent) query.set("agent", agent);
  if (from) query.set("since", midnight(from).toISOString());
  if (to) query.set("until", midnight(to, 1).toISOString());
  return query;
}

/** @param {string} day such as 2026-11-26 */
function midnight(day, later = 0) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later);
}
