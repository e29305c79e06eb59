"""The assistant: answers where it is sure, says how sure it is, and calls a person where it is not."""
