/** The admin's page of one customer's data. */

import "../parts/erase-account.js";
