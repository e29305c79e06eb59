/** How the assistant does: its figures, the answers that were wrong, and the work that has failed. */

import "../parts/assistant-figures.js";
import "../parts/failed-tasks.js";
import "../parts/review-list.js";
