/** What is worth a notice: the other side has written, a customer is new, a colleague hands over. Plain data, from the frames of the lists. */

/**
 * @typedef {{id: number, ticket_no: string, subject: string, created_at: string, updated_at: string, unread: number,
 *   customer: {id: number, name: string}, agent: {id: number, name: string}|null, last_message_preview: string, awaiting_reply: boolean}} Row
 * @typedef {{kind: "message"|"opened"|"assigned"|"mentioned", row: Row & {mentioned?: import("./desk.js").Mentioned}}} Notice
 */

// The first frames of a new ticket come at once; whatever happens to it later is no news of its own.
const NEW_WITHIN_MS = 5000;
const FRESH_WITHIN_MS = 10_000;

/** Hears the live line of a list, and knows what has been heard before. */
export class Ear {
  /** @type {Map<number, {row: Row, unread: number|undefined}>} */
  #known = new Map();
  /** When each ticket was last known to mention the agent. @type {Map<number, string>} */
  #called = new Map();
  #latest = 0;
  #me;

  /** @param {{kind: string, id: number}} me */
  constructor(me) {
    this.#me = me;
  }

  /** What a list shows already is no news. @param {Row[]} rows */
  know(rows) {
    for (const row of rows) this.#hold(row, row.unread);
  }

  /** @param {any} frame of the desk or of the inbox @returns {Notice|null} */
  hear(frame) {
    if (frame.type === "ticket") return this.#row(frame.ticket);
    if (frame.type === "mention") return this.#mention(frame.ticket);
    if (frame.type === "unread") return this.#unread(frame.ticket_id, frame.unread);
    return null;
  }

  /** @param {Row} row @returns {Notice|null} */
  #row(row) {
    const before = this.#known.get(row.id);
    const isNew = !before && Date.parse(row.updated_at) - Date.parse(row.created_at) < NEW_WITHIN_MS;
    this.#hold(row, isNew ? row.unread : before?.unread);
    if (this.#me.kind !== "agent") return null;
    if (isNew) return { kind: "opened", row };
    const isGiven = before && before.row.agent?.id !== this.#me.id && row.agent?.id === this.#me.id;
    return isGiven ? { kind: "assigned", row } : null;
  }

  /** Told again when it has been seen, which is none. @param {Notice["row"]} row @returns {Notice|null} */
  #mention(row) {
    const { at = "", seen = true } = row.mentioned ?? {};
    const isNew = !seen && at !== this.#called.get(row.id);
    this.#called.set(row.id, at);
    return isNew ? { kind: "mentioned", row } : null;
  }

  /** A count comes behind its row when somebody has written, and alone when one has read oneself. @param {number} id @param {number} unread @returns {Notice|null} */
  #unread(id, unread) {
    const held = this.#known.get(id);
    if (!held) return null;
    const { unread: before, row } = held;
    held.unread = unread;
    if (!unread || unread !== row.unread) return null;
    return (before === undefined ? this.#isTheirs(row) : unread > before) ? { kind: "message", row } : null;
  }

  /** Of a ticket that was never heard of: whose word came last, and whether it came just now. A note leaves the moment as it was. @param {Row} row */
  #isTheirs(row) {
    const isFresh = Date.parse(row.updated_at) > this.#latest - FRESH_WITHIN_MS;
    return isFresh && row.awaiting_reply === (this.#me.kind === "agent");
  }

  /** @param {Row} row @param {number|undefined} unread */
  #hold(row, unread) {
    this.#known.set(row.id, { row, unread });
    this.#latest = Math.max(this.#latest, Date.parse(row.updated_at));
  }
}

/** Whether somebody wants to hear of it. @param {Notice} notice @param {{notify_about: string}} preferences @param {{kind: string, id: number}} me */
export function concerns({ kind, row }, { notify_about: about }, me) {
  // Who is called by his name is meant, whoever has the ticket.
  if (me.kind !== "agent" || about === "all" || kind === "mentioned") return true;
  return row.agent?.id === me.id || (about === "unassigned" && !row.agent);
}
