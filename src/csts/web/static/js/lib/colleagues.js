/** The agents as the desk knows them: read when they are asked for, and who is online as the live line tells. */

import { get } from "./http.js";

/** @typedef {{id: number, name: string, username: string, active: boolean, online: boolean}} Colleague */

/** Events: `change` (there are others now, or they are called otherwise). */
export class Colleagues extends EventTarget {
  #read;
  /** @type {Colleague[]} */
  #all = [];
  /** @type {Map<string, Colleague>} */
  #named = new Map();
  /** @type {Set<number>|null} */
  #online = null;
  /** @type {Promise<void>|null} */
  #loading = null;

  /** @param {() => Promise<Colleague[]>} read */
  constructor(read) {
    super();
    this.#read = read;
  }

  /** Those who can take a ticket, whoever is online first. */
  get active() {
    return [...this.#named.values()]
      .map((each) => ({ ...each, online: this.#online?.has(each.id) ?? each.online }))
      .sort((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  }

  /** The active one who is called so, in small letters, or null. @param {string} username */
  named(username) {
    return this.#named.get(username) ?? null;
  }

  /** Reads them anew, once for all who ask meanwhile; when that fails, what is known stays. @returns {Promise<void>} */
  load() {
    return (this.#loading ??= this.#load().finally(() => (this.#loading = null)));
  }

  async #load() {
    const before = this.#all;
    this.#all = await this.#read().catch(() => before);
    this.#named = new Map(this.#all.filter(({ active }) => active).map((each) => [each.username, each]));
    const looks = (/** @type {Colleague[]} */ all) => all.map(({ username, name, active }) => [username, name, active].join()).join("\n");
    if (looks(before) !== looks(this.#all)) this.dispatchEvent(new Event("change"));
  }

  /** @param {{kind: string, id: number}[]} online as in frames of the desk */
  hear(online) {
    this.#online = new Set(online.filter(({ kind }) => kind === "agent").map(({ id }) => id));
  }
}

/** One for the page: the filters, the hand-over menu and mentions read the same. */
export const colleagues = new Colleagues(() => get("/agents"));
