/** The admin's page of the audit log. */

import "../parts/audit-list.js";
