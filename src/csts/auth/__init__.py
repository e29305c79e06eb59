"""Who somebody is: passwords, tokens, sessions, and the guards at the doors."""
