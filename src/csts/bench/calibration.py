"""Whether answers are as often right as they say, and what a threshold on that costs."""

from dataclasses import dataclass

import numpy as np

_BINS = 15


@dataclass(frozen=True)
class Operating:
    """At this threshold: the share of questions that are answered, of answers that are right, of strangers answered."""

    threshold: float
    answered: float
    right: float
    outside: float | None


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over 15 bins of equal width (Guo et al., 2017)."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return _error([np.flatnonzero(bins == each) for each in range(_BINS)], sure, right)


def adaptive_calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """The same over 15 bins of equally many answers, so that no bin is nearly empty."""
    return _error(np.array_split(np.argsort(sure), _BINS), sure, right)


def operating(
    sure: np.ndarray, right: np.ndarray, strangers: np.ndarray, *, threshold: float = 1, precision: float | None = None
) -> Operating:
    """At a threshold, or at the lowest one from which on answers are right that often; 1 where there is none."""
    if precision is not None:
        threshold = _threshold_for(sure, right, precision)
    given = sure >= threshold
    outside = float((strangers >= threshold).mean()) if len(strangers) else None
    return Operating(threshold, float(given.mean()), float(right[given].mean()) if given.any() else 1.0, outside)


def _threshold_for(sure: np.ndarray, right: np.ndarray, precision: float) -> float:
    order = np.argsort(-sure, kind="stable")
    so_far = np.cumsum(right[order]) / np.arange(1, len(sure) + 1)
    # Answers of one confidence are given together or not at all.
    is_last = np.append(sure[order][1:] != sure[order][:-1], np.True_)
    good = np.flatnonzero((so_far >= precision) & is_last)
    return float(sure[order][good[-1]]) if len(good) else 1.0


def _error(bins: list[np.ndarray], sure: np.ndarray, right: np.ndarray) -> float:
    return float(sum(len(each) * abs(sure[each].mean() - right[each].mean()) for each in bins if len(each)) / len(sure))
