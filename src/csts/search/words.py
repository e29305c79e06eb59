"""What a word is: the same for what is written and for what is asked, in every script and on every database.

Words become tokens of small letters, digits and underscores, so that the indexes of both databases have nothing left
to interpret: no case, no accents, no stop words, no shortest word.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Longer words are known by their beginning; InnoDB takes no token of more than 84 characters.
MOST_ASCII, MOST_OTHERS = 40, 19
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# So many of them hold any code point.
_PLACES = 4

# Scripts that put no spaces between words, each character by itself; pictures; and words of everything else, with the
# marks of Hebrew, Arabic and the scripts of India inside.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_WORD = re.compile(
    rf"([{_UNSPACED}]+)|([\u2600-\u27bf\U0001f300-\U0001faff])|((?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])+)"
)
_NO_SPACES = re.compile(f"[{_UNSPACED}]")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_ACCENTS = re.compile("[\u0300-\u036f]")


class Word(NamedTuple):
    """A token, and where it stands in the text: from `start` up to `end`, in characters."""

    token: str
    start: int
    end: int


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in their order.

    Without spaces between words each character begins one, which holds the next character as well: whatever stands
    together in such a text stands together as tokens.
    """
    if text.isascii():
        yield from (
            Word(found[0][:MOST_ASCII], found.start(), found.end()) for found in _ASCII_WORD.finditer(text.lower())
        )
        return
    for found in _WORD.finditer(text):
        start, end = found.span()
        if found[1]:
            ends = [min(place + 2, end) for place in range(start, end)]
            yield from (Word(_token(text[place:stop]), place, stop) for place, stop in enumerate(ends, start))
        elif token := _token(found[0]):
            yield Word(token, start, end)


def tokens_of(text: str) -> list[str]:
    """The tokens alone, for those who write pieces: of plain English a tenth of the time."""
    if text.isascii():
        return [token[:MOST_ASCII] for token in _ASCII_WORD.findall(text.lower())]
    return [word.token for word in words_of(text)]


def in_base_36(number: int, places: int) -> str:
    """Digits and letters that an index takes for part of a word, with zeros in front."""
    return "".join(_DIGITS[number // 36**place % 36] for place in reversed(range(places)))


def has_no_spaces(sign: str) -> bool:
    """Whether words of this character's script stand together without spaces."""
    return _NO_SPACES.match(sign) is not None


def is_wide(text: str) -> bool:
    """Whether this begins so many words that nobody can mean them: a single letter of an alphabet."""
    return len(text) == 1 and text.isascii()


@lru_cache(maxsize=65536)
def _token(word: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    if plain.isascii():
        return "".join(sign for sign in plain if sign.isalnum())[:MOST_ASCII]
    return "_" + "".join(map(_spelled, unicodedata.normalize("NFC", plain)[:MOST_OTHERS]))


def _spelled(sign: str) -> str:
    """Always of the same length: the beginning of a word stays the beginning of its token."""
    return in_base_36(ord(sign), _PLACES)
