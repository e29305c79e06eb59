/** On the customer's page of one ticket: what is said while he looks at something else. Loaded when the conversation stands. */

import { onReturn } from "../lib/gate.js";
import { tell } from "./notices.js";
import { isAttended, view } from "./tabs.js";
import { entitle } from "./title.js";

/** @param {import("./ticket-room.js").TicketRoom} room @param {any[]} before messages that were heard while this was on its way */
export function countMissed(room, before) {
  let missed = 0;
  const hear = (/** @type {any} */ message) => {
    if (isAttended()) return;
    entitle({ count: ++missed });
    tell({ kind: "message", row: { ...room.ticket, last_message_preview: message.content } }, () => {});
  };
  view(room.ticket.id);
  before.forEach(hear);
  room.addEventListener("heard", (event) => hear(event.detail));
  onReturn(() => {
    if (!isAttended()) return;
    missed = 0;
    entitle({ count: 0 });
  });
}
