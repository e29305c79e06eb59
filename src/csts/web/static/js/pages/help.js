/** The public help. */

import "../parts/help-search.js";
