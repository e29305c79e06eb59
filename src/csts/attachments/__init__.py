"""Files that people send: checked by their content, kept by their digest, shown to those who see the ticket."""
