/** The desk's list as plain data: queues, what fits into them, where a row belongs, and rows that wait to be shown. */

import { isFresh } from "./fresh.js";
import { Meanwhile } from "./meanwhile.js";
import { hasTag } from "./tags.js";
import { sentence } from "./words.js";

/**
 * @typedef {{by: {id: number, name: string}, at: string, seen: boolean}} Mentioned the latest note that mentions the reader
 * @typedef {{id: number, subject: string, ticket_no: string, issue_type: string, status: string, priority: string,
 *   created_at: string, updated_at: string, customer: {id: number, name: string}, agent: {id: number, name: string}|null,
 *   unread: number, last_message_preview: string, awaiting_reply: boolean, awaiting_since: string|null, tags?: string[], snoozed_until?: string, merged_into?: import("./merged.js").Ref, mentioned?: Mentioned, found?: import("./search.js").Found}} Row
 * @typedef {{queue: string, sort: string, status: string, priority: string, issue_type: string, assignee: string, tag: string, q: string}} View
 */

export const ACTIVE = ["open", "in_progress", "waiting"];
const PRIORITIES = ["low", "medium", "high", "urgent"];

/** Snoozed tickets are in their own queue alone. */
const AWAKE = { snoozed: ["false"] };
const isAwake = (/** @type {Row} */ row) => !row.snoozed_until;
const isActive = (/** @type {Row} */ row) => ACTIVE.includes(row.status) && isAwake(row);

/** In the order of the rail; `count` names the member of GET /tickets/counts, where there is one; `sort` is the order of its own; one that `calls` counts what is new to the agent. */
export const QUEUES = [
  { id: "awaiting", count: "awaiting_reply", name: sentence("Awaiting reply"), icon: "clock", query: { awaiting_reply: ["true"], ...AWAKE }, choices: { status: ["open", "in_progress"] }, sort: "awaiting_since", fits: (/** @type {Row} */ row) => row.awaiting_reply && isAwake(row) },
  { id: "mine", count: "mine", name: sentence("Mine"), icon: "user", query: { assignee: ["me"], status: ACTIVE, ...AWAKE }, fits: (/** @type {Row} */ row, /** @type {number} */ me) => isActive(row) && row.agent?.id === me },
  { id: "mentions", count: "mentions", name: sentence("Mentions"), icon: "at", calls: true, query: { mentioned: ["me"] }, sort: "-mentioned_at", fits: (/** @type {Row} */ row) => Boolean(row.mentioned) },
  { id: "unassigned", count: "unassigned", name: sentence("Unassigned"), icon: "claim", query: { assignee: ["none"], status: ACTIVE, ...AWAKE }, fits: (/** @type {Row} */ row) => isActive(row) && !row.agent },
  { id: "open", count: "open", name: sentence("All open"), icon: "inbox", query: { status: ACTIVE, ...AWAKE }, fits: isActive },
  { id: "snoozed", count: "snoozed", name: sentence("Snoozed"), icon: "snooze", query: { snoozed: ["true"] }, choices: { status: ACTIVE }, fits: (/** @type {Row} */ row) => !isAwake(row) },
  { id: "solved", count: "solved", name: sentence("Solved"), icon: "check", query: { status: ["resolved"] }, fits: (/** @type {Row} */ row) => row.status === "resolved" },
  { id: "all", count: null, name: sentence("All tickets"), icon: "file", query: {}, fits: () => true },
];

export const SORTS = [
  { id: "-updated_at", name: sentence("Recently updated") },
  { id: "-created_at", name: sentence("Newest first") },
  { id: "created_at", name: sentence("Oldest first") },
  { id: "-priority", name: sentence("Most urgent first") },
  { id: "priority", name: sentence("Least urgent first") },
  { id: "awaiting_since", name: sentence("Longest waiting first"), queue: "awaiting" },
  { id: "-mentioned_at", name: sentence("Latest mention first"), queue: "mentions" },
];

const FILTERS = /** @type {const} */ (["status", "priority", "issue_type", "assignee", "tag"]);

const USUAL = "open";

/** @param {string} id */
export const queueOf = (id) => QUEUES.find((queue) => queue.id === id) ?? /** @type {typeof QUEUES[number]} */ (QUEUES.find((queue) => queue.id === USUAL));

/** The values that may narrow a queue: where it fixes a filter to one value there is nothing to choose. @param {string} id @param {string} key @param {string[]} all */
export function choicesIn(id, key, all) {
  const { query, choices = {} } = /** @type {{query: Record<string, string[]>, choices?: Record<string, string[]>}} */ (queueOf(id));
  const own = choices[key] ?? query[key];
  if (!own) return all;
  return own.length > 1 ? own : [];
}

/** The orders that a queue may have; first its own, in which nobody has asked for another one. @param {string} id */
export function sortsIn(id) {
  const { sort: own = SORTS[0].id } = /** @type {{sort?: string}} */ (queueOf(id));
  const possible = SORTS.filter(({ queue }) => !queue || queue === id);
  return [...possible.filter((sort) => sort.id === own), ...possible.filter((sort) => sort.id !== own)];
}

const isOwnOrder = (/** @type {View} */ { queue, sort }) => sort === sortsIn(queue)[0].id;

/** The view after a change; another queue comes in its own order, unless another one was chosen that it has as well. @param {View} view @param {Partial<View>} change @returns {View} */
export function changedView(view, change) {
  const next = { ...view, ...change };
  const stays = change.sort || (!isOwnOrder(view) && sortsIn(next.queue).some(({ id }) => id === next.sort));
  return stays ? next : { ...next, sort: sortsIn(next.queue)[0].id };
}

/** The view that an address names; what it does not know is left out. @param {URLSearchParams} params @returns {View} */
export function viewOf(params) {
  const queue = queueOf(params.get("queue") ?? USUAL).id;
  const sorts = sortsIn(queue);
  return {
    queue,
    sort: (sorts.find(({ id }) => id === params.get("sort")) ?? sorts[0]).id,
    status: params.get("status") ?? "",
    priority: params.get("priority") ?? "",
    issue_type: params.get("issue_type") ?? "",
    assignee: params.get("assignee") ?? "",
    tag: params.get("tag") ?? "",
    q: params.get("q") ?? "",
  };
}

/** The address of a view, without what goes without saying. @param {View} view */
export function addressOf(view) {
  const params = new URLSearchParams();
  if (view.queue !== USUAL) params.set("queue", view.queue);
  if (!isOwnOrder(view)) params.set("sort", view.sort);
  for (const key of [...FILTERS, /** @type {const} */ ("q")]) if (view[key]) params.set(key, view[key]);
  return params.size ? `?${params}` : "";
}

/** What a saved view keeps of one: the members of its address. @param {View} view @returns {Record<string, string>} */
export const filtersOf = (view) => Object.fromEntries(new URLSearchParams(addressOf(view)));

/** The view that was saved. @param {Record<string, string>} filters */
export const savedView = (filters) => viewOf(new URLSearchParams(filters));

/** How many filters narrow the view. @param {View} view */
export const filterCount = (view) => FILTERS.filter((key) => view[key]).length;

/** Whether the best ones stand first: a search in which nobody has asked for another order. @param {View} view */
export const isRanked = (view) => Boolean(view.q) && isOwnOrder(view);

/** The query of GET /tickets for a view. @param {View} view @param {string|null} cursor */
export function requestOf(view, cursor = null, limit = 50) {
  const params = new URLSearchParams({ limit: String(limit) });
  if (!isRanked(view)) params.set("sort", view.sort);
  const narrowed = FILTERS.filter((key) => view[key]).map((key) => [key, [view[key]]]);
  const wanted = { ...queueOf(view.queue).query, ...Object.fromEntries(narrowed) };
  for (const [key, values] of Object.entries(wanted)) for (const value of values) params.append(key, value);
  if (view.q) params.set("q", view.q);
  if (cursor) params.set("cursor", cursor);
  return params;
}

/** Whether a row belongs into a view. Whether it has the words of a search, only the server knows: null. @param {Row} row @param {View} view @param {number} me */
export function fits(row, view, me) {
  const isWanted = FILTERS.every((key) => !view[key] || wants(row, view, me, key));
  if (!isWanted || !queueOf(view.queue).fits(row, me)) return false;
  return view.q ? null : true;
}

/** @param {Row} row @param {View} view @param {number} me @param {typeof FILTERS[number]} key */
function wants(row, view, me, key) {
  if (key === "tag") return hasTag(row.tags, view.tag);
  return key === "assignee" ? isWith(row, view.assignee, me) : row[key] === view[key];
}

/** @param {Row} row @param {string} assignee `me`, `none` or an agent's id @param {number} me */
function isWith({ agent }, assignee, me) {
  if (assignee === "none") return !agent;
  return agent?.id === (assignee === "me" ? me : Number(assignee));
}

/** @type {Record<string, (row: Row) => string|number>} */
const KEYS = {
  created_at: (row) => row.created_at,
  updated_at: (row) => row.updated_at,
  awaiting_since: (row) => row.awaiting_since ?? "",
  mentioned_at: (row) => row.mentioned?.at ?? "",
  priority: (row) => PRIORITIES.indexOf(row.priority),
};

/** The order of the server: by key, ties by id in the same direction. @param {string} sort @returns {(a: Row, b: Row) => number} */
export function orderOf(sort) {
  const direction = sort.startsWith("-") ? -1 : 1;
  const key = KEYS[sort.replace("-", "")];
  return (a, b) => direction * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id);
}

/** The rows of one view. Rows that would move under the pointer wait in `pending` until `release`; those that fit no more stay until `settle`. */
export class TicketList {
  /** @type {Row[]} */
  rows = [];
  /** @type {Map<number, Row>} */
  pending = new Map();
  /** @type {string|null} */
  cursor = null;
  /** Whether the server has not looked through everything that is old. */
  partial = false;
  loaded = false;
  /** What is told while a first page is being read. @type {Meanwhile<() => void>} */
  meanwhile = new Meanwhile();

  /** @param {View} view @param {number} me */
  constructor(view, me) {
    this.view = view;
    this.me = me;
  }

  /**
   * The first page anew; the row that is still being read keeps its place, until it is read anew behind that.
   * @param {{items: Row[], next_cursor: string|null, partial?: boolean}} page @param {number|null} selected
   * @param {(() => void)[]} told meanwhile, to be done once more
   */
  load({ items, next_cursor: cursor, partial = false }, selected = null, told = []) {
    const at = this.rows.findIndex(({ id }) => id === selected);
    const isGone = at >= 0 && items.every(({ id }) => id !== selected);
    this.rows = isGone ? items.toSpliced(at, 0, this.rows[at]) : items;
    this.cursor = cursor;
    this.partial = partial;
    this.loaded = true;
    this.pending.clear();
    for (const act of told) act();
  }

  /** The next page; what we hold already is newer. @param {{items: Row[], next_cursor: string|null}} page */
  extend({ items, next_cursor: cursor }) {
    const held = new Set(this.rows.map(({ id }) => id));
    this.rows = [...this.rows, ...items.filter(({ id }) => !held.has(id))];
    this.cursor = cursor;
  }

  /** A row that was opened or has changed. @param {Row} row @param {boolean} mayMove while the list stands at its top */
  take(row, mayMove) {
    this.meanwhile.hear(() => this.take(row, mayMove));
    if (!isFresh(this.rows.find(({ id }) => id === row.id) ?? this.pending.get(row.id), row)) return;
    if (this.rows.some(({ id }) => id === row.id)) this.rows = this.rows.map((each) => (each.id === row.id ? TicketList.#renewed(each, row) : each));
    else if (fits(row, this.view, this.me) && this.#isWithin(row)) this.pending.set(row.id, row);
    else this.pending.delete(row.id);
    if (mayMove) this.release();
  }

  /** What was answered keeps its place until it goes; a row that is told to all knows no mention. @param {Row} before @param {Row} row */
  static #renewed(before, row) {
    return { ...row, found: before.found, awaiting_since: row.awaiting_since ?? before.awaiting_since, mentioned: row.mentioned ?? before.mentioned };
  }

  /** Whether it is among those that are shown, or those that wait. @param {number} id */
  has(id) {
    return this.pending.has(id) || this.rows.some((row) => row.id === id);
  }

  /** The rows that no longer belong here; the selected one is still being read. @param {number|null} selected */
  misfits(selected) {
    return this.rows.filter((row) => row.id !== selected && fits(row, this.view, this.me) === false).map(({ id }) => id);
  }

  /** Let the misfits go. @param {number|null} selected */
  settle(selected) {
    const leaving = this.misfits(selected);
    this.rows = this.rows.filter(({ id }) => !leaving.includes(id));
  }

  /** Show what waits, and bring all rows into their order. */
  release() {
    const held = this.rows.filter(({ id }) => !this.pending.has(id));
    const rows = [...held, ...this.pending.values()];
    // What is best only the server knows, and it has said so.
    this.rows = isRanked(this.view) ? rows : rows.sort(orderOf(this.view.sort));
    this.pending.clear();
  }

  /** @param {number} id @param {number} unread */
  count(id, unread) {
    this.meanwhile.hear(() => this.count(id, unread));
    this.rows = this.rows.map((row) => (row.id === id ? { ...row, unread } : row));
    const waiting = this.pending.get(id);
    if (waiting) this.pending.set(id, { ...waiting, unread });
  }

  /** The neighbour of a row, or the first row. @param {number|null} id @param {1|-1} step */
  beside(id, step) {
    const at = this.rows.findIndex((row) => row.id === id);
    return this.rows[at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + step))] ?? null;
  }

  /** A row behind the last one that was read comes with its page. */
  #isWithin(/** @type {Row} */ row) {
    const last = this.rows.at(-1);
    return !this.cursor || !last || orderOf(this.view.sort)(row, last) < 0;
  }
}

/** The moves that bring a status back: one where that is allowed, else over `open`, from where everything active is. @param {string[]} allowed @param {string} before */
export const wayBack = (allowed, before) => (allowed.includes(before) ? [before] : ["open", before]);

/** A count as a queue shows it; the server stops counting at the cap. @param {number} count @param {(value: number) => string} format */
export const countWords = (count, format) => (count > 10_000 ? `${format(10_000)}+` : format(count));
