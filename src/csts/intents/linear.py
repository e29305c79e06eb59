"""A score for each topic that is a sum over what a question consists of."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Linear:
    """`weights` has a row for each term, or each direction of meaning, and a column for each topic.

    `bias` has a number for each topic.
    """

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, vectors: sparse.csr_matrix | np.ndarray) -> np.ndarray:
        """A row for each question, a column for each topic."""
        return np.asarray(vectors @ self.weights + self.bias)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Of each row the logarithms of shares that add up to 1."""
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


def in_half(weights: np.ndarray) -> np.ndarray:
    """Rounded to what is stored, half precision: so a stored model answers as the one that was trained."""
    return weights.astype(np.float16).astype(np.float32)
