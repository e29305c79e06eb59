/** The admin's page of agents. */

import "../parts/agent-list.js";
