"""What signals say together: each of them and each product of two, beside the odds that are known without."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from csts.intents.logistic import Logistic, fit

# Beyond so many deviations a signal says no more: its square would drown all others.
_OUTLIER = 3.0
# What hardly varies on a desk is not blown up to what does.
_LEAST = 1e-3
# So many rows outweigh nothing of what is known; some hundreds begin to.
_TRUST = 300.0


@dataclass(frozen=True)
class Together:
    """`centre` and `scale` have a number for each signal; `logistic` weighs the odds, the signals, and the products."""

    centre: np.ndarray
    scale: np.ndarray
    logistic: Logistic

    def __call__(self, odds: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The logarithms of better odds, as a column, from those of a row of signals each."""
        return self.logistic.odds(np.column_stack([odds, _products(rows, self.centre, self.scale)]))[:, None]

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        return {"centre": self.centre, "scale": self.scale, "together": self.logistic.weights}


def together_of(arrays: Mapping[str, np.ndarray]) -> Together:
    return Together(arrays["centre"], arrays["scale"], Logistic(arrays["together"]))


def nothing(signals: int) -> Together:
    """Leaves the odds as they are."""
    weights = np.zeros(1 + signals + signals * (signals + 1) // 2 + 1)
    weights[0] = 1
    return Together(np.zeros(signals), np.ones(signals), Logistic(weights))


def learn_together(odds: np.ndarray, rows: np.ndarray, truth: np.ndarray, shares: np.ndarray) -> Together:
    """Fitted around the odds as they are; `shares` weighs the rows."""
    centre, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), _LEAST)
    products = _products(rows, centre, scale)
    middle, width = products.mean(axis=0), np.maximum(products.std(axis=0), _LEAST)
    design = np.column_stack([odds, (products - middle) / width])
    weights = fit(design, truth, shares, prior=nothing(rows.shape[1]).logistic, trust=_TRUST).weights
    told = weights[1:-1] / width
    return Together(centre, scale, Logistic(np.array([weights[0], *told, weights[-1] - told @ middle])))


def _products(rows: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    even = np.clip((rows - centre) / scale, -_OUTLIER, _OUTLIER)
    first, second = np.triu_indices(even.shape[1])
    return np.column_stack([even, even[:, first] * even[:, second]])
