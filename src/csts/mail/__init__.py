"""Mail: letters in their reader's language, and the way on which they leave."""
