"""The blanks in a canned reply that the page fills with names and numbers; pure text."""

import re

# What stands in each is for the page to know: the desk only sees to it that none is misspelt.
PLACEHOLDERS = (
    "customer.name",
    "customer.first_name",
    "agent.name",
    "agent.first_name",
    "ticket.number",
    "ticket.subject",
)

_BLANK = re.compile(r"\{\{([^{}]*)\}\}")


def check_placeholders(text: str) -> str:
    """The text as it is. Raises ValueError, which names the first placeholder that nobody would fill."""
    for blank in _BLANK.finditer(text):
        if blank[1].strip() not in PLACEHOLDERS:
            raise ValueError(f"There is no placeholder {blank[0][:60]}. Known are {', '.join(PLACEHOLDERS)}.")
    return text
