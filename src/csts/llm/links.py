"""Finds what leads elsewhere in a reply: a model may name no address that its sources do not."""

import re
from collections.abc import Iterable

# Bare names count where people would type them into a browser, or click on them; `e.g.` and `invoice.pdf` do not.
_ENDINGS = (
    "com|net|org|info|biz|io|co|app|dev|ai|xyz|top|site|online|shop|store|link|click|live|ru|cn|de|uk|fr|eu|me|ly"
)
_LINK = re.compile(
    rf"""[a-z][a-z0-9+.\-]{{1,20}}://[^\s<>"'\])]+"""
    r"""|(?:mailto|tel|javascript|data):[^\s<>"'\])]+"""
    r"""|www\.[^\s<>"'\])]+"""
    rf"""|(?:[\w\-]{{1,63}}\.){{1,8}}(?:{_ENDINGS})(?![\w\-])[^\s<>"'\])]*"""
    r"""|(?:[\w\-]{1,63}\.){1,8}[a-z]{2,24}/[^\s<>"'\])]*""",
    re.IGNORECASE,
)
_DRESS = re.compile(r"^(?:https?://|mailto:)?(?:www\.)?")


def links_in(text: str) -> set[str]:
    """Addresses of pages and mailboxes, without scheme, `www.` and what a sentence puts behind them."""
    return {_DRESS.sub("", found.casefold()).rstrip(".,;:!?/*_") for found in _LINK.findall(text)}


def links_of(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(links_in, texts))
