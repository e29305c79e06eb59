"""What the desk is compared with, and the command that compares."""
