/** Acting on many tickets at once: which ones are chosen, what is asked for them, and how it is undone. */

import { hasTag } from "./tags.js";

/**
 * @typedef {import("./desk.js").Row} Row
 * @typedef {Record<string, any>} Values members of a ticket that a bulk action can change
 * @typedef {{id: number, done: boolean, before?: Values, after?: Values, problem?: {code: string, detail: string}}} Outcome
 */

/** As many as one request takes, and few enough to say how far it is. */
const AT_ONCE = 50;

/** @type {Record<string, (row: Row) => unknown>} */
const SEEN = {
  status: (row) => row.status,
  priority: (row) => row.priority,
  agent_id: (row) => row.agent?.id ?? null,
};

/** Whether a row is not yet as a change wants it. @type {Record<string, (row: Row, wanted: any) => boolean>} */
const LACKS = {
  ...Object.fromEntries(Object.entries(SEEN).map(([field, seen]) => [field, (/** @type {Row} */ row, /** @type {unknown} */ wanted) => seen(row) !== wanted])),
  add_tags: (row, tags) => tags.some((/** @type {string} */ tag) => !hasTag(row.tags, tag)),
  remove_tags: (row, tags) => tags.some((/** @type {string} */ tag) => hasTag(row.tags, tag)),
};

/** Tickets that are chosen in a list; a range goes from the one that was chosen last. */
export class Selection {
  /** @type {Set<number>} */
  ids = new Set();
  /** @type {number|null} */
  #anchor = null;

  /** @param {number} id */
  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#anchor = id;
  }

  /** All from the anchor to this one. @param {number[]} order of the list @param {number} id */
  extend(order, id) {
    const from = order.indexOf(this.#anchor ?? id);
    const to = order.indexOf(id);
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (const each of order.slice(first, last + 1)) this.ids.add(each);
    this.#anchor = id;
  }

  /** @param {Iterable<number>} ids */
  set(ids) {
    this.ids = new Set(ids);
    this.#anchor = null;
  }

  /** Only what is still in the list can be acted upon. @param {number[]} order */
  keep(order) {
    const there = new Set(order);
    this.ids = new Set([...this.ids].filter((id) => there.has(id)));
  }
}

/**
 * What to ask for: tickets that look alike together, each to be changed only if it still looks so. Those that have it already are left out.
 * @param {Row[]} rows @param {Values} change
 */
export function requestsOf(rows, change) {
  const fields = Object.keys(change).filter((field) => field in SEEN);
  const seen = (/** @type {Row} */ row) => Object.fromEntries(fields.map((field) => [field, SEEN[field](row)]));
  const changing = rows.filter((row) => Object.entries(change).some(([field, wanted]) => LACKS[field](row, wanted)));
  const alike = grouped(changing, (row) => JSON.stringify(seen(row)));
  return [...alike.values()].flatMap((group) => portions(group).map((some) => ({ ids: some.map(({ id }) => id), change, expected: seen(some[0]) })));
}

/** What puts it back: the outcomes that were done, as they were told. @param {Outcome[]} outcomes */
export function undoOf(outcomes) {
  const done = outcomes.filter(isChanged).map(({ id, before, after }) => ({ id, before, after }));
  return portions(done).map((items) => ({ items }));
}

/** Done, and not as it was before. @param {Outcome} outcome */
export const isChanged = ({ done, before, after }) => done && JSON.stringify(before) !== JSON.stringify(after);

/** Why some were refused: each reason with the tickets that it is about. @param {Outcome[]} outcomes @returns {[string, number[]][]} */
export function reasonsOf(outcomes) {
  const refused = outcomes.filter(({ done }) => !done);
  return [...grouped(refused, ({ problem }) => problem?.detail ?? "")].map(([reason, those]) => [reason, those.map(({ id }) => id)]);
}

/** @template T @param {T[]} all @param {(each: T) => string} keyOf @returns {Map<string, T[]>} */
function grouped(all, keyOf) {
  const groups = new Map();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** @template T @param {T[]} all @returns {T[][]} */
const portions = (all) => Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) => all.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
