"""The load generator: a stranger to the desk, who knows it by its addresses alone."""
