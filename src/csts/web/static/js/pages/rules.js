/** The rules of the assistant. */

import "../parts/rule-list.js";
import "../parts/rule-trial.js";
