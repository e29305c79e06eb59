"""Who did what beside tickets: an account of admins, agents and the operator that is only ever added to."""
