"""Agents: the people who answer, and the admins among them."""
