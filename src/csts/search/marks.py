"""The part of a text that a question found, with the places that a reader should see."""

from collections.abc import Sequence

import msgspec

from csts.search.question import Question, Unit
from csts.search.words import Word, words_of

# What a wide list has room for; before the first mark so little that a narrow one shows it as well.
EXCERPT_CHARS, BEFORE_CHARS = 160, 16
# Of a text of any length: behind this nobody reads in a list.
MOST_CHARS = 20_000

Mark = tuple[int, int]


class Excerpt(msgspec.Struct, frozen=True):
    """Plain text on one line; each of `marks` is `[start, end)` in UTF-16 units, as scripts of pages count."""

    text: str
    marks: list[Mark]


def marks_in(text: str, question: Question) -> list[Mark]:
    """Where the units of a question stand in a text, in characters, in order and apart."""
    words = list(words_of(text[:MOST_CHARS]))
    found = sorted(
        (words[place].start, words[place + len(unit.tokens) - 1].end)
        for unit in question.units
        for place in _places(unit, words)
    )
    apart: list[Mark] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def excerpt(text: str, question: Question, *, whole: bool = False) -> Excerpt:
    """The text around the first mark, or all of it."""
    marks = marks_in(text, question)
    first = 0 if whole or not marks else max(0, marks[0][0] - BEFORE_CHARS)
    if first:
        # Not in the middle of a word, where there is a space to begin behind.
        first = text.find(" ", first, marks[0][0]) + 1 or first
    last = len(text) if whole else first + EXCERPT_CHARS
    shown = "".join(" " if sign.isspace() else sign for sign in text[first:last])
    head, tail = "…" if first else "", "…" if last < len(text) else ""
    return Excerpt(head + shown + tail, _in_units(head + shown, marks, len(head) - first))


def _places(unit: Unit, words: Sequence[Word]) -> list[int]:
    return [place for place in range(len(words)) if unit.stand_at(words, place)]


def _in_units(shown: str, marks: Sequence[Mark], shift: int) -> list[Mark]:
    inside = [(start + shift, min(end + shift, len(shown))) for start, end in marks if start + shift < len(shown)]
    return [(_units(shown[:start]), _units(shown[:end])) for start, end in inside]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
