/** The agents as the desk knows them: read when they are asked for, and who is online as the live line tells. */

import { get } from "./http.js";

/** @typedef {{id: number, name: string, active: boolean, online: boolean}} Colleague */

export class Colleagues {
  #read;
  /** @type {Colleague[]} */
  #all = [];
  /** @type {Set<number>|null} */
  #online = null;

  /** @param {() => Promise<Colleague[]>} read */
  constructor(read) {
    this.#read = read;
  }

  /** Those who can take a ticket, whoever is online first. */
  get active() {
    return this.#all
      .filter(({ active }) => active)
      .map((each) => ({ ...each, online: this.#online?.has(each.id) ?? each.online }))
      .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  }

  /** Reads them anew; when that fails, what is known stays. */
  async load() {
    this.#all = await this.#read().catch(() => this.#all);
  }

  /** @param {{kind: string, id: number}[]} online as in frames of the desk */
  hear(online) {
    this.#online = new Set(online.filter(({ kind }) => kind === "agent").map(({ id }) => id));
  }
}

/** One for the page: the filters and the hand-over menu read the same. */
export const colleagues = new Colleagues(() => get("/agents"));
