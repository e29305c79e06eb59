/** On the customer's page of one ticket: what is said while he looks at something else. Loaded when the conversation stands. */

import { onReturn } from "../lib/gate.js";
import { tell } from "./notices.js";
import { isAttended, view } from "./tabs.js";
import { entitle } from "./title.js";

/** @param {import("./ticket-room.js").TicketRoom} room */
export function countMissed(room) {
  let missed = 0;
  view(room.ticket.id);
  room.addEventListener("heard", (event) => {
    if (isAttended()) return;
    entitle({ count: ++missed });
    tell({ kind: "message", row: { ...room.ticket, last_message_preview: event.detail.content } }, () => {});
  });
  onReturn(() => {
    if (!isAttended()) return;
    missed = 0;
    entitle({ count: 0 });
  });
}
