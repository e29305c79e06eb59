/** Which colleagues have which tickets open: asked for the rows that are shown, and followed by the live line. */

/** @typedef {{id: number, name: string, looking: boolean}} Viewer */

const AT_ONCE = 100;

export class Viewers {
  #read;
  #me;
  /** @type {Map<number, Viewer[]>} */
  #agents = new Map();

  /** @param {(path: string) => Promise<{items: {ticket_id: number, agents: Viewer[]}[]}>} read @param {number} me */
  constructor(read, me) {
    this.#read = read;
    this.#me = me;
  }

  /** Asks who has these tickets open; when that fails, what is known stays. Says whether it was answered. @param {number[]} ids */
  async load(ids) {
    if (!ids.length) return false;
    try {
      const some = ids.slice(0, AT_ONCE);
      const { items } = await this.#read(`/tickets/viewers?${some.map((id) => `ticket_id=${id}`).join("&")}`);
      for (const id of some) this.#agents.delete(id);
      this.hear(items);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {{ticket_id: number, agents: Viewer[]}[]} tickets all who have each of them open now */
  hear(tickets) {
    for (const { ticket_id: id, agents } of tickets) {
      if (agents.length) this.#agents.set(id, agents);
      else this.#agents.delete(id);
    }
  }

  /** The others who have it open, those who look first. @param {number} id @returns {Viewer[]} */
  of(id) {
    const others = (this.#agents.get(id) ?? []).filter((agent) => agent.id !== this.#me);
    return others.sort((a, b) => Number(b.looking) - Number(a.looking) || a.name.localeCompare(b.name));
  }
}
