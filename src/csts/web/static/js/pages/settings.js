/** The settings of whoever is signed in. */

import "../parts/settings-form.js";
