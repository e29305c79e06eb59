/** One article: to write or to read, and its history. */

import "../parts/article-editor.js";
import "../parts/article-history.js";
import "../parts/article-reader.js";
