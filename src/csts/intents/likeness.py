"""How like a question is to what is known of each topic: the view that rejects strangers, which a classifier cannot."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from csts.intents.terms import View

Vectors = dict[View, sparse.csr_matrix]
# Neighbouring words tell texts apart, pieces survive slips; each is asked.
ASKED: tuple[View, ...] = ("words", "pieces")
# Rows of a dense block of likenesses, of some ten thousand texts: 100 MB.
_BLOCK = 2_000


@dataclass(frozen=True)
class Likeness:
    """Per view of ASKED the known texts as columns, in the order of their topics; `starts` has each topic's first."""

    texts: Vectors
    starts: np.ndarray

    def to_topics(self, vectors: Vectors) -> dict[View, np.ndarray]:
        """Per view a row for each question, a column for each topic: the cosine to the topic's most similar text."""
        return {view: self._nearest(vectors[view], self.texts[view]) for view in ASKED}

    def _nearest(self, questions: sparse.csr_matrix, texts: sparse.csr_matrix) -> np.ndarray:
        blocks = [questions[at : at + _BLOCK] @ texts for at in range(0, max(questions.shape[0], 1), _BLOCK)]
        return np.vstack([np.maximum.reduceat(block.toarray(), self.starts, axis=1) for block in blocks])


def likeness_of(vectors: Vectors, topics: np.ndarray) -> Likeness:
    """`topics` is the number of each row's topic; each topic has a row, and rows are in no order."""
    order, starts = by_topic(topics)
    return Likeness({view: sparse.csr_matrix(vectors[view][order].T.tocsr()) for view in ASKED}, starts)


def by_topic(topics: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows in the order of their topics, and where in that order each topic begins."""
    order = np.argsort(topics, kind="stable")
    return order, np.searchsorted(topics[order], np.arange(int(topics.max()) + 1))
