"""Text that people type: in one normal form, without what cannot be seen or stored."""

import re
import unicodedata

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

# Spaces, and signs that only steer others, such as the joiners inside of emoji and the marks of direction.
_INVISIBLE = {"Zs", "Cf", "Cc", "Cn"}


# Embeddings, overrides and isolates turn the words around that follow; letters know their own direction.
_STEERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def clean_text(value: str) -> str:
    """Several lines, trimmed, in NFC, without control characters and lone surrogates."""
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", value)).strip()


def clean_line(value: str) -> str:
    """One line with single spaces, which turns nothing around behind it.

    Raises ValueError when nothing is left that can be seen.
    """
    line = " ".join(_STEERING.sub("", clean_text(value)).split())
    if all(unicodedata.category(sign) in _INVISIBLE for sign in line):
        raise ValueError("Please fill this in.")
    return line
