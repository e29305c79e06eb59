"""Customers: the people who raise tickets."""
