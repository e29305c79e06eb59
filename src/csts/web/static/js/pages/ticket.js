/** The customer's page of one ticket: what is around the conversation. */

import { need } from "../lib/dom.js";
import { followKeyboard } from "../parts/thread-viewport.js";
import "../parts/ticket-room.js";
import "../parts/thread-page.js";

followKeyboard();

// Not before the conversation is there: nobody has missed anything yet.
const room = need("ticket-room");
room.addEventListener("ticket", async () => (await import("../parts/missed.js")).countMissed(room), { once: true });
