/** The customer's page of one ticket: what is around the conversation. */

import { followKeyboard } from "../parts/thread-viewport.js";
import "../parts/ticket-room.js";
import "../parts/thread-page.js";

followKeyboard();
