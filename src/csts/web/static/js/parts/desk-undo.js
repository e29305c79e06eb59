/** Taking back a status: offered for a while after each move, by a button and by a key. */

import { wayBack } from "../lib/desk.js";
import { get, put } from "../lib/http.js";
import { name } from "../lib/names.js";
import { preferences } from "../lib/preferences.js";
import { t } from "../lib/words.js";
import { toast } from "./toast.js";

const OFFERED_MS = 10_000;

export class StatusUndo {
  #told;
  /** @type {{ticket: any, before: string}|null} */
  #last = null;

  /** @param {(ticket: any) => void} told hears of the ticket as it is then */
  constructor(told) {
    this.#told = told;
  }

  get isOffered() {
    return this.#last !== null;
  }

  /** @param {any} ticket as it is after the move @param {string} before the status that it had */
  offer(ticket, before) {
    const last = { ticket, before };
    this.#last = last;
    setTimeout(() => this.#last === last && (this.#last = null), OFFERED_MS);
    toast(settled(ticket), { action: { name: t("Undo"), act: () => this.#takeBack(last), key: preferences.shortcuts ? "z" : undefined }, stays: OFFERED_MS });
  }

  take() {
    if (this.#last) this.#takeBack(this.#last);
  }

  /** @param {{ticket: any, before: string}} last */
  async #takeBack({ ticket, before }) {
    this.#last = null;
    try {
      const now = await get(`/ticket/${ticket.id}`);
      if (now.status !== ticket.status) return toast(t("{number} has changed in the meantime, so it stays as it is.", { number: now.ticket_no }));
      let back = now;
      for (const status of wayBack(now.allowed_statuses, before)) back = await put(`/tickets/${now.id}/status`, { status });
      this.#told(back);
      toast(settled(back));
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { tone: "urgent" });
    }
  }
}

/** @param {{ticket_no: string, status: string}} ticket */
const settled = ({ ticket_no, status }) => `${ticket_no}: ${name(status)}`;
