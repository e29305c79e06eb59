"""Live delivery: channels, who is present on them, and one pump per socket."""
