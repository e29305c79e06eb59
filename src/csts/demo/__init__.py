"""A believable desk to try things on."""

from typing import Any

LOGINS = ""


async def fill_once(state: Any) -> bool:
    """Fill an empty database; false when it has accounts already."""
    return False
