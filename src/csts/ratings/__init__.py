"""What a customer thinks of how his ticket was solved."""
