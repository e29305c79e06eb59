"""What a customer may ask of whoever holds his data: a copy of it, and its end."""
