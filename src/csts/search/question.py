"""What is asked: words that all have to be there, of which the last may only have begun, and phrases in quotes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from csts.search.words import Word, has_no_spaces, is_wide, words_of

# Each further unit narrows down what is narrow already.
MOST_UNITS, MOST_TOKENS = 8, 12
_QUOTED = re.compile(r'"([^"]*)"|([^\s"]+)')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»″", '"'))


@dataclass(frozen=True)
class Unit:
    """Tokens that follow each other; of the last one `is_begun` says that any word which begins so will do."""

    tokens: tuple[str, ...]
    is_begun: bool = False

    def stand_at(self, words: Sequence[Word], place: int) -> bool:
        """Whether these words have them from this place on."""
        there = [word.token for word in words[place : place + len(self.tokens)]]
        *firsts, last = self.tokens
        if len(there) < len(self.tokens) or there[:-1] != firsts:
            return False
        return there[-1].startswith(last) if self.is_begun else there[-1] == last


@dataclass(frozen=True)
class Question:
    units: tuple[Unit, ...]

    @classmethod
    def of(cls, text: str) -> "Question":
        """There are no operators but quotes and the asterisk behind a word; any other sign only parts words.

        A quote that is never closed is none. What has neither letter nor digit asks for nothing.
        """
        plain = text.translate(_QUOTES)
        if plain.count('"') % 2:
            head, _, tail = plain.rpartition('"')
            plain = f"{head} {tail}"
        found = [
            _unit(quoted or part, ends_text=match.end() == len(plain), is_quoted=bool(quoted))
            for match in _QUOTED.finditer(plain)
            for quoted, part in [match.groups(default="")]
        ]
        return cls(tuple(dict.fromkeys(unit for unit in found if unit))[:MOST_UNITS])


def _unit(text: str, *, ends_text: bool, is_quoted: bool) -> Unit | None:
    words = list(words_of(text))[:MOST_TOKENS]
    if not words:
        return None
    tokens = [word.token for word in words]
    # Of a script without spaces the last token is a single character, which the next words of a text go on from.
    is_open = has_no_spaces(text[words[-1].start])
    if is_open and len(tokens) > 1:
        return Unit(tuple(tokens[:-1]))
    is_begun = is_open or (not is_quoted and (ends_text or text.endswith("*")) and not is_wide(tokens[-1]))
    return Unit(tuple(tokens), is_begun)
