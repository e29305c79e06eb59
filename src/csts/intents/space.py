"""Which terms are known, and how often each stands in a text."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from csts.intents.terms import BY_SENTENCE, View, pieces, words

VIEWS: tuple[View, ...] = ("words", "pairs", "pieces")
Vocabulary = dict[str, int]
# From texts to a unit vector for each.
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Counts:
    """Per view a row for each text, a column for each known term, and how many different terms were unknown.

    `foreign` is how often each text has a word that nobody has said yet. `meaning` has a vector for each text,
    where there is an encoder.
    """

    known: dict[View, sparse.csr_matrix]
    unknown: dict[View, np.ndarray]
    foreign: np.ndarray
    meaning: np.ndarray | None = None

    def rows(self, wanted: np.ndarray) -> "Counts":
        return Counts(
            {view: matrix[wanted] for view, matrix in self.known.items()},
            {view: number[wanted] for view, number in self.unknown.items()},
            self.foreign[wanted],
            None if self.meaning is None else self.meaning[wanted],
        )


@dataclass(frozen=True)
class Space:
    """The known terms of each view with the column of each, and what gives texts their vectors."""

    columns: dict[View, Vocabulary]
    encode: Encode | None = None

    def count(self, texts: Sequence[str]) -> Counts:
        sentences = [words(text) for text in texts]
        known, unknown = {}, {}
        for view in self.columns.keys() & BY_SENTENCE.keys():
            terms_of = BY_SENTENCE[view]
            known[view], unknown[view] = _count([terms_of(each) for each in sentences], self.columns[view])
        # A word has the same pieces wherever it stands: cut each once, then multiply.
        spoken = sorted({word for sentence in sentences for word in sentence})
        standing, _ = _count(sentences, {word: number for number, word in enumerate(spoken)})
        cut, strange = _count([pieces(word) for word in spoken], self.columns["pieces"])
        known["pieces"], unknown["pieces"] = sparse.csr_matrix(standing @ cut), standing @ strange
        foreign = np.array([word not in self.columns["words"] for word in spoken], np.float32)
        return Counts(known, unknown, standing @ foreign, self.encode(texts) if self.encode else None)


def space_of(
    texts: Sequence[str], views: Sequence[View] = VIEWS, *, rare: int = 1, encode: Encode | None = None
) -> Space:
    """The space of all terms of these texts; pairs that fewer than `rare` texts have, and pieces of words, are none."""
    sentences = [words(text) for text in texts]
    spoken = sorted({word for sentence in sentences for word in sentence})
    found: dict[View, Iterable[Iterable[str]]] = {
        "words": (BY_SENTENCE["words"](each) for each in sentences),
        "pairs": (BY_SENTENCE["pairs"](each) for each in sentences),
        "pieces": (pieces(word) for word in spoken),
    }
    return Space({view: _vocabulary(found[view], 1 if view == "words" else rare) for view in views}, encode)


def _vocabulary(found: Iterable[Iterable[str]], rare: int) -> Vocabulary:
    spread = Counter(term for terms in found for term in set(terms))
    return {term: column for column, term in enumerate(sorted(t for t, texts in spread.items() if texts >= rare))}


def _count(found: Sequence[Sequence[str]], columns: Vocabulary) -> tuple[sparse.csr_matrix, np.ndarray]:
    indices: list[int] = []
    ends = [0]
    unknown = np.zeros(len(found), np.float32)
    for row, terms in enumerate(found):
        known = [column for column in map(columns.get, terms) if column is not None]
        if len(known) < len(terms):
            unknown[row] = len({term for term in terms if term not in columns})
        indices += known
        ends.append(len(indices))
    ones = np.ones(len(indices), np.float32)
    matrix = sparse.csr_matrix((ones, np.array(indices, np.int32), ends), shape=(len(found), len(columns)))
    matrix.sum_duplicates()
    return matrix, unknown
