/** The list of articles. */

import "../parts/article-list.js";
