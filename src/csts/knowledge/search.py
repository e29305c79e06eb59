"""Finds what somebody needs among what is published. Pure: an index in memory, built anew when anything changes."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from csts.knowledge.schemas import HelpRow, PublishedArticle, excerpt_of
from csts.knowledge.words import words_of

# A question is known by its first words; what follows would cost time and change little.
MOST_CHARS, MOST_WORDS = 2000, 48
# While somebody types, the last word is only its beginning.
LEAST_BEGINNING, MOST_COMPLETIONS = 3, 20

# How much a word says, by where it stands; in examples by the root of the share of them that have it: with the share
# itself 90 of 100 examples of the demo find their own article first, and so 96 do.
IN_TITLE, IN_EXAMPLES, IN_ANSWER = 2.0, 3.0, 1.0

# They are in every question, so they ask for nothing.
_EMPTY_WORDS = frozenset(
    words_of("""
    a about am an and are as at be been but by can could did do does for from had has have hello help hi how i if im in
    is it its ive me my no not of on or our please so some that the their there these they this to us was we were what
    when where which who why will with would you your
    """)
)


class Index:
    """All published articles by their words; also the list of them by title."""

    def __init__(self, articles: Iterable[PublishedArticle]) -> None:
        self._rows: dict[int, HelpRow] = {}
        self._places: dict[str, dict[int, float]] = defaultdict(dict)
        for article in articles:
            self._rows[article.id] = HelpRow(article.id, article.topic, article.title, excerpt_of(article.answer))
            for word, weight in _weights(article).items():
                self._places[word][article.id] = weight
        self._vocabulary = sorted(self._places)
        self.rows = sorted(self._rows.values(), key=lambda row: (words_of(row.title), row.id))

    def found(self, text: str) -> list[HelpRow]:
        """Articles with any of the words, the best ones first; none for a text without words."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word in _asked(text):
            for known, share in self._known(word):
                places = self._places[known]
                rarity = math.log(1 + len(self._rows) / len(places))
                for article_id, weight in places.items():
                    scores[article_id] += share * rarity * weight
        best = sorted(scores, key=lambda article_id: (-scores[article_id], article_id))
        return [self._rows[article_id] for article_id in best]

    def _known(self, word: str) -> Iterator[tuple[str, float]]:
        """The word itself, or those that begin like it, each with how much it counts."""
        if word in self._places:
            yield word, 1.0
        elif len(word) >= LEAST_BEGINNING:
            start = bisect_left(self._vocabulary, word)
            near = self._vocabulary[start : start + MOST_COMPLETIONS]
            begun = [known for known in near if known.startswith(word)]
            yield from ((known, 1 / len(begun)) for known in begun)


def _weights(article: PublishedArticle) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for word in _stems(f"{article.topic.replace('_', ' ')} {article.title}"):
        weights[word] += IN_TITLE
    for word in _stems(article.answer):
        weights[word] += IN_ANSWER
    asked = Counter(word for example in article.examples for word in _stems(example))
    for word, count in asked.items():
        weights[word] += IN_EXAMPLES * math.sqrt(count / len(article.examples))
    return weights


def _asked(text: str) -> list[str]:
    words = list(dict.fromkeys(words_of(text[:MOST_CHARS])))
    # Who asks for nothing but "help" gets what has it.
    telling = [word for word in words if word not in _EMPTY_WORDS] or words
    return list(dict.fromkeys(map(_stem, telling[:MOST_WORDS])))


def _stems(text: str) -> set[str]:
    return set(map(_stem, words_of(text)))


def _stem(word: str) -> str:
    """Cards are what a card is; more than that would be one language's business."""
    return word[:-1] if len(word) > LEAST_BEGINNING and word.endswith("s") and not word.endswith("ss") else word
