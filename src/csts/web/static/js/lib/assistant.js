/** The assistant in one ticket, as the server tells it: whether it may speak, what stands behind its messages, how it ended. */

const SETTLE_MS = 150;
const ACTIVE = new Set(["open", "in_progress", "waiting"]);

const isAnswer = ({ sender, internal, seq }) => sender.kind === "assistant" && !internal && seq !== null;

/** Asks once where the assistant has spoken, and again when that may have changed; a failure leaves what is known. */
export class AssistantTalk {
  #api;
  #path;
  #changed;
  #known = null;
  #mark = "";
  #timer = null;
  #asking = false;
  #again = false;
  #open = true;

  constructor({ api, path, changed }) {
    this.#api = api;
    this.#path = path;
    this.#changed = changed;
  }

  /** What was told last, or null. */
  get known() {
    return this.#known;
  }

  /** What stands behind each of its messages. @returns {Map<number, any>} */
  get behind() {
    return new Map((this.#known?.replies ?? []).map((reply) => [reply.message_id, reply]));
  }

  /** Looks at what the room holds now, and asks if that tells of something new. */
  follow(entries, ticket) {
    const spoken = entries.findLast(({ message }) => message.sender.kind === "assistant" && message.id !== null);
    if (!spoken) return;
    const events = entries.findLast(({ message }) => message.sender.kind === "system");
    const mark = [spoken.message.id, events?.message.seq, ticket?.status, ticket?.agent?.id, ticket?.updated_at].join();
    if (mark === this.#mark) return;
    this.#mark = mark;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLE_MS);
  }

  /** An agent's word on an answer. Rejects with a problem, and leaves the former word then. */
  async judge(replyId, right) {
    const judged = await this.#api.put(`/assistant/replies/${replyId}/verdict`, { right });
    if (!this.#known || !this.#open) return;
    const replies = this.#known.replies.map((reply) => (reply.id === replyId ? judged : reply));
    this.#take({ ...this.#known, replies });
  }

  close() {
    this.#open = false;
    clearTimeout(this.#timer);
  }

  // One request at a time; what happened meanwhile is asked for by one more.
  async #ask() {
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    const told = await this.#api.get(`${this.#path}/assistant`).catch(() => null);
    this.#asking = false;
    if (told && this.#open) this.#take(told);
    if (this.#again && this.#open) await this.#ask();
  }

  #take(told) {
    this.#known = told;
    this.#changed();
  }
}

/** Whether a customer may still ask the assistant for a person. */
export const mayAskForPerson = (talk, ticket) => Boolean(talk?.speaks) && ACTIVE.has(ticket?.status);

/** The message under which one says at once whether it helped, or null: the last word in the room, and an answer. */
export function openAnswer(entries, talk, ticket) {
  const last = entries.at(-1)?.message;
  return last && isAnswer(last) && mayAskForPerson(talk, ticket) ? last.id : null;
}

/** A share that people may read: nothing is certain, so it ends before the whole. @param {number} confidence */
export const readable = (confidence) => Math.min(confidence, 0.99);

/** How sure the assistant was, in three steps; below half it was a guess. @param {number} confidence */
export function sureness(confidence) {
  if (confidence >= 0.85) return "sure";
  return confidence >= 0.5 ? "fairly" : "unsure";
}
