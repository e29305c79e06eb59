/** The customer's tickets. */

import "../parts/ticket-cards.js";
