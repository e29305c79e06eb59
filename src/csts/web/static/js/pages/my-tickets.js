/** The customer's tickets. */

import "../parts/confirm-banner.js";
import "../parts/ticket-cards.js";
