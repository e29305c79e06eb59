"""The terms of a text in three views: words with their neighbours, pairs of stems, and pieces of words."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

View = Literal["words", "pairs", "pieces"]

# A question says what it is about early; what follows costs time and dilutes it.
MAX_CHARACTERS = 2_000
MAX_WORDS = 120
# Languages without spaces make one word of a sentence.
_MAX_WORD = 24
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_PAIR_WINDOW = 12
_SUFFIXES = ("'s", "ing", "ed", "es", "s", "er", "ly")
_SHORTEST_STEM = 3
_PIECES = (2, 3, 4)


def words(text: str) -> list[str]:
    """In lower case, compatible forms made one (NFKC), without punctuation; at most MAX_WORDS."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()
    found = _WORD.findall(plain)
    parts = [word[at : at + _MAX_WORD] for word in found for at in range(0, len(word), _MAX_WORD)]
    return parts[:MAX_WORDS]


def neighbours(sentence: Sequence[str]) -> list[str]:
    """Each word, and each with the one that follows; the ends of the sentence count as words there."""
    return [*sentence, *(f"{one} {other}" for one, other in pairwise(("^", *sentence, "$")))]


def pairs(sentence: Sequence[str]) -> list[str]:
    """Each stem, and every two that stand near each other, in whichever order."""
    stems = list(dict.fromkeys(_stem(word) for word in sentence))
    near = (
        f"{min(one, other)}_{max(one, other)}"
        for at, one in enumerate(stems)
        for other in stems[at + 1 : at + 1 + _PAIR_WINDOW]
    )
    return [*stems, *near]


def pieces(word: str) -> list[str]:
    """Runs of two to four characters, with the ends of the word marked: what survives a slip of the finger."""
    marked = f" {word} "
    return [marked[at : at + size] for size in _PIECES for at in range(len(marked) - size + 1)]


# How the terms of the views that are counted sentence by sentence are found; pieces are counted word by word.
BY_SENTENCE: dict[View, Callable[[Sequence[str]], list[str]]] = {"words": neighbours, "pairs": pairs}


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return word.removesuffix(suffix)
    return word
