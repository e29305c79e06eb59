"""Text that people type: in one normal form, without what cannot be seen or stored."""

import re
import unicodedata

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(value: str) -> str:
    """Several lines, trimmed, in NFC, without control characters and lone surrogates."""
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", value)).strip()


def clean_line(value: str) -> str:
    """One line with single spaces. Raises ValueError when nothing is left."""
    line = " ".join(clean_text(value).split())
    if not line:
        raise ValueError("Please fill this in.")
    return line
