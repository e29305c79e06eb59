"""The schema of the database, version by version, and the way from one to the next."""
