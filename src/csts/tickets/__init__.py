"""Tickets: what a customer reported, where it stands, who has it, and what has happened to it."""
