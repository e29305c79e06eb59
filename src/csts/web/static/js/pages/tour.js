/** The evaluator's tour. */

import "../parts/tour-guide.js";
import "../parts/tour-probe.js";
