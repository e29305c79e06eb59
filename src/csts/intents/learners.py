"""How weights are learnt: of terms exactly, by linear SVMs of many texts, by descent in a hurry; and of meanings."""

import importlib
from collections.abc import Callable

import numpy as np
from scipy import linalg, sparse

from csts.intents.linear import Linear, in_half

# The first takes time and memory by the square of the number of texts; at this size both take about 2 s.
MANY_TEXTS = 2_000
_PENALTY = 0.05
_ROUNDS = 40
# Nearly as right as SVMs of the same terms, within half a second for ten thousand texts.
_STEPS = 30
# By this power of its sum of squares a column is made smaller: so usual terms do not set the pace for all others.
_EVENING = 0.15
_POWERS = 10
# Margins of SVMs are no logarithms; this makes their softmax about as sure as it is right.
_SHARPNESS = 4.0
# A hundredth of a point of accuracy, for half a second.
_TOLERANCE = 0.1


def softmax_regression(vectors: sparse.csr_matrix, topics: np.ndarray, *, total: int) -> Linear:
    """Regularised multinomial regression, solved over the texts instead of the terms, of which there are more.

    Each round is a Newton step with Böhning's bound in place of the curvature (Böhning 1992), so that one factorisation
    serves all rounds.
    """
    kernel = np.asarray((vectors @ vectors.T).toarray(), np.float32)
    bound = kernel / 2 + np.float32(_PENALTY) * np.eye(len(kernel), dtype=np.float32)
    factor = linalg.cho_factor(bound, overwrite_a=True, check_finite=False)
    truth = np.eye(total, dtype=np.float32)[topics]

    def step(at: np.ndarray) -> np.ndarray:
        slope = _shares(kernel @ at) - truth + np.float32(_PENALTY) * at
        return np.asarray(linalg.cho_solve(factor, slope, check_finite=False))

    found = _descended(step, np.zeros_like(truth), rounds=_ROUNDS)
    return Linear(in_half(np.asarray(vectors.T @ found)), np.zeros(total, np.float32))


def softmax_descent(vectors: sparse.csr_matrix, topics: np.ndarray, *, total: int) -> Linear:
    """Multinomial regression by its gradient over the terms: needs neither scikit-learn nor memory."""
    often = np.asarray(vectors.power(2).sum(axis=0)).ravel()
    scale = (1 / np.maximum(often, 1e-3) ** _EVENING).astype(np.float32)
    scaled = sparse.csr_matrix(vectors @ sparse.diags(scale), dtype=np.float32)
    turned = sparse.csr_matrix(scaled.T.tocsr())
    truth = np.eye(total, dtype=np.float32)[topics]
    # No curvature is above half of the largest eigenvalue (Böhning 1992).
    bound = np.float32(_largest_eigenvalue(scaled, turned) / 2 + _PENALTY)

    def step(at: np.ndarray) -> np.ndarray:
        return np.asarray((turned @ (_shares(scaled @ at) - truth) + np.float32(_PENALTY) * at) / bound)

    found = _descended(step, np.zeros((vectors.shape[1], total), np.float32), rounds=_STEPS)
    return Linear(in_half(scale[:, None] * found), np.zeros(total, np.float32))


def ridged_regression(vectors: np.ndarray, topics: np.ndarray, *, total: int) -> Linear:
    """The same for dense vectors, which have fewer columns than there are texts; with a constant for each topic."""
    design = np.column_stack([vectors, np.ones(len(vectors), np.float32)])
    bound = design.T @ design / 2 + np.float32(_PENALTY) * np.eye(design.shape[1], dtype=np.float32)
    factor = linalg.cho_factor(bound, overwrite_a=True, check_finite=False)
    truth = np.eye(total, dtype=np.float32)[topics]

    def step(weights: np.ndarray) -> np.ndarray:
        slope = design.T @ (_shares(design @ weights) - truth) + np.float32(_PENALTY) * weights
        return np.asarray(linalg.cho_solve(factor, slope, check_finite=False))

    found = _descended(step, np.zeros((design.shape[1], total), np.float32), rounds=_ROUNDS)
    return Linear(in_half(found[:-1]), found[-1])


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


def _descended(step: Callable[[np.ndarray], np.ndarray], start: np.ndarray, *, rounds: int) -> np.ndarray:
    """From `start` down by what `step` says of each place, with Nesterov's acceleration."""
    found = ahead = start
    pace = 1.0
    for _ in range(rounds):
        before, found = found, ahead - step(ahead)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = found + np.float32((pace - 1) / faster) * (found - before)
        pace = faster
    return found


def _shares(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _largest_eigenvalue(matrix: sparse.csr_matrix, turned: sparse.csr_matrix) -> float:
    """Of its Gram matrix, by power iteration; from ones, for with no negative entry its vector has none either."""
    at = np.ones(matrix.shape[1], np.float32)
    for _ in range(_POWERS):
        at = turned @ (matrix @ (at / max(float(np.linalg.norm(at)), 1e-9)))
    return float(np.linalg.norm(at))
