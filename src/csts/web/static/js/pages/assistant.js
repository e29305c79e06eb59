/** How the assistant does: its figures, and the answers that were wrong. */

import "../parts/assistant-figures.js";
import "../parts/review-list.js";
