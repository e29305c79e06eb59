"""Two ways to learn the weights of terms: exact softmax regression for few texts, linear SVMs for many."""

import importlib

import numpy as np
from scipy import linalg, sparse

from csts.intents.linear import Linear, in_half

# The first takes time and memory by the square of the number of texts; at this size both take about 2 s.
MANY_TEXTS = 2_000
_PENALTY = 0.05
_ROUNDS = 40
# Margins of SVMs are no logarithms; this makes their softmax about as sure as it is right.
_SHARPNESS = 4.0
# A hundredth of a point of accuracy, for half a second.
_TOLERANCE = 0.1


def softmax_regression(vectors: sparse.csr_matrix, topics: np.ndarray, *, total: int) -> Linear:
    """Regularised multinomial regression, solved over the texts instead of the terms, of which there are more.

    Each round is a Newton step with Böhning's bound in place of the curvature (Böhning 1992), so that one factorisation
    serves all rounds, with Nesterov's acceleration.
    """
    kernel = np.asarray((vectors @ vectors.T).toarray(), np.float32)
    bound = kernel / 2 + np.float32(_PENALTY) * np.eye(len(kernel), dtype=np.float32)
    factor = linalg.cho_factor(bound, overwrite_a=True, check_finite=False)
    truth = np.eye(total, dtype=np.float32)[topics]
    found = ahead = np.zeros_like(truth)
    pace = 1.0
    for _ in range(_ROUNDS):
        scores = kernel @ ahead
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        step = linalg.cho_solve(factor, shares - truth + np.float32(_PENALTY) * ahead, check_finite=False)
        before, found = found, ahead - step
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = found + np.float32((pace - 1) / faster) * (found - before)
        pace = faster
    return Linear(in_half(np.asarray(vectors.T @ found)), np.zeros(total, np.float32))


def support_vectors(vectors: sparse.csr_matrix, topics: np.ndarray, *, total: int) -> Linear:
    """One linear SVM against the rest for each topic that has a text; the others are never the best."""
    # Not at the top of the file: to import it takes longer than a desk with few examples learns.
    svm = importlib.import_module("sklearn.svm")
    machine = svm.LinearSVC(C=2.0, tol=_TOLERANCE, random_state=0).fit(vectors, topics)
    weights = np.zeros((vectors.shape[1], total), np.float32)
    bias = np.full(total, -1e3, np.float32)
    weights[:, machine.classes_] = _SHARPNESS * machine.coef_.T
    bias[machine.classes_] = _SHARPNESS * machine.intercept_
    return Linear(in_half(weights), bias)
