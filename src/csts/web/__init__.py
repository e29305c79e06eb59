"""The pages: server-rendered frames, and the scripts and styles that they load."""
