"""How usual the words of a question are, on this desk and in a topic: strangers speak of other things."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from csts.intents.space import Counts

# In how many texts a word that nobody has said yet counts as said, and how many texts of a topic the whole desk weighs.
_UNHEARD = 0.2
_BORROWED = 2.0


@dataclass(frozen=True)
class Habits:
    """`said` has a row for each topic, a column for each term of the view of words: how many of its texts have it.

    `texts` is the number of texts of each topic, `is_word` tells which columns are words and not neighbours.
    """

    said: sparse.csr_matrix
    texts: np.ndarray
    is_word: np.ndarray

    @cached_property
    def surprises(self) -> tuple[np.ndarray, np.ndarray]:
        """At each term, from 0 (always said) to 1 (never heard): on the desk, and a column for each topic."""
        by_topic = np.ascontiguousarray(self.said.toarray().T)
        total = int(self.texts.sum()) + 1
        usual = (by_topic.sum(axis=1) + _UNHEARD) / total
        in_topic = (by_topic + _BORROWED * usual[:, None]) / (self.texts + _BORROWED)
        unit = np.log(_UNHEARD / total)
        return (np.log(usual) / unit).astype(np.float32), (np.log(in_topic) / unit).astype(np.float32)

    def likely(self, counts: Counts) -> np.ndarray:
        """A row for each question, a column for each topic: the less surprising its terms are there, the higher."""
        return np.asarray(-(counts.known["words"] @ self.surprises[1]))

    def signals(self, counts: Counts, best: np.ndarray) -> list[np.ndarray]:
        """By the desk's habits, then by those of each question's `best` topic: at all terms, at words, at the worst."""
        said = _once(counts.known["words"])
        desk, topics = self.surprises
        of_topic = topics[said.indices, np.repeat(best, np.diff(said.indptr))]
        return [*self._means(said, desk[said.indices], counts), *self._means(said, of_topic, counts)]

    def _means(self, said: sparse.csr_matrix, surprise: np.ndarray, counts: Counts) -> list[np.ndarray]:
        word = self.is_word[said.indices]
        strange = counts.unknown["words"]
        of_all = (_per_row(said, surprise) + strange) / np.maximum(_per_row(said, np.ones_like(surprise)) + strange, 1)
        number = np.maximum(_per_row(said, word) + counts.foreign, 1)
        of_words = (_per_row(said, surprise * word) + counts.foreign) / number
        # By its fourth power a single word that is never said here outweighs all that everybody says everywhere.
        of_worst = (_per_row(said, surprise**4 * word) + counts.foreign) / number
        return [of_all, of_words, of_worst]


def habits_of(counts: Counts, topics: np.ndarray, is_word: np.ndarray) -> Habits:
    marks = sparse.csr_matrix((np.ones(len(topics), np.float32), (topics, np.arange(len(topics)))))
    return Habits(sparse.csr_matrix(marks @ _once(counts.known["words"])), np.bincount(topics), is_word)


def _once(counted: sparse.csr_matrix) -> sparse.csr_matrix:
    once = counted.copy()
    once.data = np.ones_like(once.data)
    return once


def _per_row(like: sparse.csr_matrix, values: np.ndarray) -> np.ndarray:
    rows = np.repeat(np.arange(like.shape[0]), np.diff(like.indptr))
    return np.bincount(rows, weights=values, minlength=like.shape[0])
