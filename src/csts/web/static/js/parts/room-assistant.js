/** The assistant's part in a room: what it says about its messages, what a customer says to it, and what an agent says of it. */

import { AssistantTalk, mayAskForPerson, openAnswer } from "../lib/assistant.js";
import { h, icon } from "../lib/dom.js";
import { get, put } from "../lib/http.js";
import { t } from "../lib/words.js";

const WORDS = {
  helped: () => t("Yes, that helped, thank you."),
  person: () => t("I want to talk to a person."),
};

/** One for each room that is entered. `say` sends a message, `changed` draws the room anew, `complain` tells why something failed. */
export class RoomAssistant {
  #room;
  #me;
  #say;
  #complain;
  #asked = false;

  constructor({ room, me, say, changed, complain }) {
    this.#room = room;
    this.#me = me;
    this.#say = say;
    this.#complain = complain;
    this.talk = new AssistantTalk({ api: { get, put }, path: room.path, changed });
    this.element = h("button", { type: "button", class: "ask-person", hidden: true, onclick: () => this.say({ words: "person" }) }, icon("user", "small"), t("Talk to a person"));
  }

  /** What the thread needs to draw the assistant's messages. */
  view() {
    const { ticket } = this.#room;
    const entries = this.#room.entries();
    this.talk.follow(entries, ticket);
    const mayAsk = this.#me.kind === "customer" && mayAskForPerson(this.talk.known, ticket);
    // Once is enough; after its next word one may ask again.
    if (entries.at(-1)?.message.sender.kind === "assistant") this.#asked = false;
    this.element.hidden = !mayAsk || this.#asked;
    return { behind: this.talk.behind, open: mayAsk ? openAnswer(entries, this.talk.known, ticket) : null };
  }

  /** Sends what a button stands for, as if the customer had written it. */
  say({ words }) {
    this.#asked ||= words === "person";
    this.#say({ content: WORDS[words](), attachments: [], internal: false });
  }

  async judge({ reply, right }) {
    try {
      await this.talk.judge(Number(reply), right === "true");
    } catch (problem) {
      this.#complain(problem.detail);
    }
  }

  close() {
    this.talk.close();
    this.element.remove();
  }
}
