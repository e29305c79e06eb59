"""Logistic regression around a prior: with no data it says what was known before, with much data what they say."""

from dataclasses import dataclass

import numpy as np

_ROUNDS = 30
_EXACT = 1e-6


@dataclass(frozen=True)
class Logistic:
    """A weight for each signal, then a constant."""

    weights: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Probabilities, one a row."""
        return np.asarray(1 / (1 + np.exp(-self.odds(rows))))

    def odds(self, rows: np.ndarray) -> np.ndarray:
        """The logarithms of the odds, one a row."""
        return np.asarray(np.clip(rows @ self.weights[:-1] + self.weights[-1], -30, 30))


def fit(rows: np.ndarray, truth: np.ndarray, shares: np.ndarray, *, prior: Logistic, trust: float) -> Logistic:
    """By Newton's method. `shares` weighs the rows; the larger `trust`, the more of them it takes to leave `prior`."""
    design = np.column_stack([rows, np.ones(len(rows))])
    pull = trust * np.eye(design.shape[1])

    def loss(weights: np.ndarray) -> float:
        scores = design @ weights
        away = weights - prior.weights
        return float(shares @ (np.logaddexp(0, scores) - truth * scores) + away @ pull @ away / 2)

    weights = prior.weights
    for _ in range(_ROUNDS):
        likely = Logistic(weights)(rows)
        slope = design.T @ (shares * (likely - truth)) + pull @ (weights - prior.weights)
        bend = (design * (shares * likely * (1 - likely))[:, None]).T @ design + pull
        step = np.linalg.solve(bend, slope)
        # Far from the goal a whole step may leap over it and away.
        while loss(weights - step) > loss(weights) and np.abs(step).max() > _EXACT:
            step = step / 2
        weights = weights - step
        if np.abs(step).max() < _EXACT:
            break
    return Logistic(weights)
