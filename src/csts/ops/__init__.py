"""What operators and programmers look at: health, metrics, and the description of the API."""
