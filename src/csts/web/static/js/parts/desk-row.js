/** One row of the desk's list. */

import { avatar, h, icon, moment } from "../lib/dom.js";
import { name, shortName } from "../lib/names.js";
import { brief, coming, exact } from "../lib/time.js";
import { t } from "../lib/words.js";
import { marked, passage } from "./marked.js";
import { rowViewers } from "./row-viewers.js";

const MOST_TAGS = 2;

/** A shape for each priority, so that it is not told by colour alone. */
const PRIORITY_ICONS = { low: "arrow-down", medium: "minus", high: "arrow-up", urgent: "alert" };

/** @param {string} priority */
export const priorityMark = (priority) =>
  h("span", { class: `priority ${priority}` }, icon(/** @type {any} */ (PRIORITY_ICONS)[priority] ?? "minus", "small"), name(priority));

/**
 * @param {import("../lib/desk.js").Row} row
 * @param {{selected: boolean, reachable: boolean, typing: string, typist: number, viewers: import("../lib/viewers.js").Viewer[], draft: string, search: string}} now `reachable` by the Tab key
 */
export function drawDeskRow(row, { selected, reachable, typing, typist, viewers, draft, search }) {
  const link = h("a", {
    class: row.unread || isCalled(row) ? "desk-row unread" : "desk-row",
    href: `/desk/tickets/${row.id}${search}`,
    "data-id": row.id,
    tabindex: reachable ? "0" : "-1",
    "aria-current": selected ? "true" : null,
  },
    h("span", { class: "row-head" }, h("span", { class: "row-subject", dir: "auto" }, ...marked(row.subject, row.found?.subject_marks ?? [])), moment(row.updated_at, brief)),
    h("span", { class: "row-facts" }, h("bdi", {}, row.customer.name), " · ", name(row.issue_type), " · ", priorityMark(row.priority), ...tags(row)),
    h("span", { class: "row-foot" }, preview(row, typing, draft), rowViewers(viewers, typist), mention(row), state(row), unread(row), row.agent ? assignee(row.agent.name) : null));
  return h("li", { "data-row": row.id }, check(row, reachable), link);
}

/** Outside of the link, which could hold no other control. @param {import("../lib/desk.js").Row} row @param {boolean} reachable */
const check = ({ id, subject }, reachable) =>
  h("label", { class: "row-check" }, h("input", { type: "checkbox", value: id, tabindex: reachable ? "0" : "-1", "aria-label": t("Select {subject}", { subject }) }));

/** The first of them; the others are told by their number. @param {import("../lib/desk.js").Row} row */
function tags({ tags: all = [] }) {
  const shown = all.slice(0, MOST_TAGS).map((tag) => h("span", { class: "row-tag", dir: "auto" }, tag));
  return all.length > MOST_TAGS ? [...shown, h("span", { class: "row-tag", title: all.join(", ") }, `+${all.length - MOST_TAGS}`)] : shown;
}

/** @param {import("../lib/desk.js").Row} row @param {string} typing @param {string} draft */
function preview(row, typing, draft) {
  if (typing) return h("span", { class: "row-preview typing" }, t("{name} is typing…", { name: typing }));
  if (row.found?.text) return passage(row.found, "row-preview");
  if (draft) return h("span", { class: "row-preview", dir: "auto" }, h("b", { class: "row-draft" }, t("Draft:")), ` ${draft}`);
  return h("span", { class: "row-preview", dir: "auto" }, row.last_message_preview || t("Nobody has written yet."));
}

/** A note mentions the agent, and he has not read it. @param {import("../lib/desk.js").Row} row */
const isCalled = ({ mentioned }) => mentioned?.seen === false;

/** @param {import("../lib/desk.js").Row} row */
function mention({ mentioned }) {
  if (!mentioned) return null;
  const words = t("{name} mentioned you", { name: mentioned.by.name });
  return h("span", { class: mentioned.seen ? "row-mention" : "row-mention new", title: `${words} · ${exact(mentioned.at)}` }, icon("at", "small"), h("span", { class: "visually-hidden" }, words), h("span", { "aria-hidden": "true", dir: "auto" }, mentioned.by.name));
}

/** Open and in progress go without saying in a queue of open tickets. @param {import("../lib/desk.js").Row} row */
function state({ status, snoozed_until: until, merged_into: into }) {
  if (into) return h("span", { class: "pill", title: t("Merged into {number}", { number: into.ticket_no }) }, icon("merge", "small"), t("Merged"));
  if (until) return h("span", { class: "pill info", title: t("Snoozed until {time}", { time: exact(until) }) }, icon("snooze", "small"), coming(until));
  const tone = { waiting: "warning", resolved: "success", closed: "" }[status];
  return tone === undefined ? null : h("span", { class: `pill ${tone}` }, shortName(status));
}

/** @param {import("../lib/desk.js").Row} row */
function unread({ unread: count }) {
  if (!count) return null;
  return h("span", { class: "count" }, count > 9 ? "9+" : count, h("span", { class: "visually-hidden" }, ` ${t("unread")}`));
}

/** @param {string} agent */
function assignee(agent) {
  const picture = avatar(agent);
  picture.title = t("Assigned to {name}", { name: agent });
  return h("span", { class: "row-agent" }, picture, h("span", { class: "visually-hidden" }, t("Assigned to {name}", { name: agent })));
}
