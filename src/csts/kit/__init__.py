"""Tools without a word of the trade: database, errors, paging, time, secrets, limits, logs."""
