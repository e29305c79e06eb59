"""What a question means, beside the words that it has: a linear score, and the likeness to the nearest text."""

from dataclasses import dataclass

import numpy as np

from csts.intents.linear import Linear

# What a learnt score and a likeness count beside the words; the more texts there are, the better is the nearest one.
_LEARNT_OF_FEW, _LIKE_OF_FEW = 1.5, 5.0
_LEARNT_OF_MANY, _LIKE_OF_MANY = 0.5, 10.0


@dataclass(frozen=True)
class Meaning:
    """`texts` has a row for each known text, in the order of their topics; `starts` has each topic's first.

    `linear` scores unit vectors from which `centre` was taken, `keys` name the texts (`memory.key_of`).
    """

    texts: np.ndarray
    starts: np.ndarray
    keys: np.ndarray
    centre: np.ndarray
    linear: Linear
    is_many: bool

    def to_topics(self, vectors: np.ndarray) -> np.ndarray:
        """A row for each question, a column for each topic: the cosine to the topic's most similar text."""
        return np.asarray(np.maximum.reduceat(vectors @ self.texts.T, self.starts, axis=1))

    def scores(self, vectors: np.ndarray, likeness: np.ndarray) -> np.ndarray:
        """What `to_topics` says, and what was learnt."""
        learnt, like = (_LEARNT_OF_MANY, _LIKE_OF_MANY) if self.is_many else (_LEARNT_OF_FEW, _LIKE_OF_FEW)
        return np.asarray(learnt * self.linear.scores(away_from(self.centre, vectors)) + like * likeness)


def away_from(centre: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Vectors without what all have in common, for questions of one desk resemble each other."""
    away = vectors - centre
    # A text alone is its own mean.
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), np.float32(1e-6)))
