/** The settings of whoever is signed in. */

import "../parts/permission-line.js";
import "../parts/settings-form.js";
