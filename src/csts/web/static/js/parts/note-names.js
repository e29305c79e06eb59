/** Marks the colleagues whom a note names: on the desk, for customers see no notes. */

import { colleagues } from "../lib/colleagues.js";
import { h } from "../lib/dom.js";
import { withMentions } from "../lib/mentions.js";
import { page } from "../lib/page.js";
import { TicketThread } from "./thread.js";

const named = (/** @type {string} */ text) => withMentions(text, (username) => colleagues.named(username));

TicketThread.notes = {
  looks: (text) => named(text).map(({ colleague }) => colleague?.name ?? "").join(),
  // One's own stands out: it is what one has come for.
  draw: (text) => named(text).map(({ text: words, colleague }) => (colleague ? h("mark", { class: "mention", "data-me": colleague.id === page.me?.id, title: colleague.name }, words) : words)),
};

// Notes may be here before the names are.
colleagues.addEventListener("change", () => {
  for (const thread of document.querySelectorAll("ticket-thread")) /** @type {TicketThread} */ (thread).redraw();
});
setTimeout(() => colleagues.load());
