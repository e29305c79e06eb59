/** The canned replies of the desk. */

import "../parts/reply-list.js";
