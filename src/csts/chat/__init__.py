"""The chat room of a ticket: its thread, who is there, who types, and how far each has read."""
