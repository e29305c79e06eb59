"""The second factor of agents: codes of an authenticator app, and recovery codes for the day without the phone."""
