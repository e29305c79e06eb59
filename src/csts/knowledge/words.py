"""The words of a text as two people would both call them the same: without case, accents and punctuation."""

import re
import unicodedata
from functools import lru_cache

# Written without spaces: each sign counts as a word, so that a phrase is found in the middle of a sentence.
_SPACELESS = re.compile(r"([\u3040-\u30ff\u3400-\u9fff])")
_ACCENT = range(0x300, 0x370)
_APOSTROPHES = "'’ʼ`´"


def words_of(text: str) -> list[str]:
    """Lower case, accents folded, punctuation gone; `Where's` is one word. Takes time in proportion to the text."""
    folded = "".join(map(_folded, unicodedata.normalize("NFKD", text.casefold())))
    return _SPACELESS.sub(r" \1 ", folded).split()


@lru_cache(maxsize=4096)
def _folded(sign: str) -> str:
    """A letter, its marks and a digit stay; what parts words becomes a space."""
    if sign in _APOSTROPHES or ord(sign) in _ACCENT:
        return ""
    # Marks outside of the accents are vowels in the scripts of India, and part of their words.
    return sign if unicodedata.category(sign)[0] in "LMN" else " "
