/** The page of the connection doctor. */

import "../parts/doctor.js";
