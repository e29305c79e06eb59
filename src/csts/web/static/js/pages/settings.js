/** The settings of whoever is signed in. */

import "../parts/permission-line.js";
import "../parts/email-form.js";
import "../parts/erase-account.js";
import "../parts/second-factor.js";
import "../parts/settings-form.js";
import "../parts/password-form.js";
import "../parts/session-list.js";
