"""Rules: what is answered before anybody thinks. Pure, so that it can be tried on any text without a desk."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, TypeVar

import msgspec

from csts.knowledge.words import words_of

RuleAction = Literal["answer", "handover", "ticket_status"]

# Nobody greets for longer; what is longer than this holds a question.
MOST_WORDS_OF_A_WHOLE = 24


class Rule(msgspec.Struct, frozen=True):
    """When one of the phrases occurs, this is the reply. `whole`: only if the text consists of nothing else."""

    id: int
    position: int
    name: str
    phrases: list[str]
    reply: str
    action: RuleAction
    whole: bool
    enabled: bool


AnyRule = TypeVar("AnyRule", bound=Rule)


def match(text: str, rules: Iterable[AnyRule]) -> AnyRule | None:
    """The first enabled rule, in the order given, of which a phrase occurs as whole words."""
    words = words_of(text)
    return next((rule for rule in rules if rule.enabled and _applies(rule, words)), None)


def _applies(rule: Rule, words: Sequence[str]) -> bool:
    phrases = [phrase for phrase in map(_phrase, rule.phrases) if phrase]
    if rule.whole:
        return _consists_of(words, phrases)
    line = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in line for phrase in phrases)


# The same hundred phrases are compared with every question.
@lru_cache(maxsize=4096)
def _phrase(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def _consists_of(words: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    """`Hi, good morning!` consists of `hi` and `good morning`; `Hi, my card is lost` of more."""
    if not 0 < len(words) <= MOST_WORDS_OF_A_WHOLE:
        return False
    ends = {0}
    for start in range(len(words)):
        if start in ends:
            ends |= {start + len(phrase) for phrase in phrases if tuple(words[start : start + len(phrase)]) == phrase}
    return len(words) in ends
