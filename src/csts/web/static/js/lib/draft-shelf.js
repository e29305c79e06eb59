/** One's drafts in all tickets, for a list that shows them: what the server keeps is put where drafts of this device are. */

import { Draft } from "./drafts.js";

const AT_ONCE = 100;

export class DraftShelf {
  #api;
  #storage;
  #me;

  /** @param {{api: {get: (path: string) => Promise<any>}, storage: Storage, me: {kind: string, id: number}}} from */
  constructor({ api, storage, me }) {
    this.#api = api;
    this.#storage = storage;
    this.#me = me;
  }

  /** Says whether anything could be read. */
  async load() {
    try {
      const { items } = await this.#api.get(`/drafts?limit=${AT_ONCE}`);
      for (const draft of items) this.hear(draft);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {{ticket_id: number, kind: string, content: string, after: number|null, updated_at: string}} draft */
  hear(draft) {
    return new Draft(this.#storage, this.#me, draft.ticket_id, { kind: draft.kind }).take(draft);
  }
}
