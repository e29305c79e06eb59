"""What somebody has begun to write in a ticket, kept for himself alone, on whatever device he goes on."""
