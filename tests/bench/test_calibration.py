"""The measures of confidence, on answers that can be counted by hand."""

import numpy as np
import pytest

from csts.bench.calibration import adaptive_calibration_error, calibration_error, operating

pytestmark = pytest.mark.once

NOBODY = np.array([])


def test_answers_that_are_as_often_right_as_they_say_have_no_error() -> None:
    sure, right = np.full(10, 0.9), np.array([1.0] * 9 + [0])
    assert calibration_error(sure, right) == pytest.approx(0)
    assert calibration_error(np.full(10, 0.5), right) == pytest.approx(0.4)


def test_adaptive_bins_hold_equally_many() -> None:
    sure = np.linspace(0, 1, 30)
    assert adaptive_calibration_error(sure, sure) == pytest.approx(0)


def test_the_threshold_for_a_precision_answers_as_many_as_it_may() -> None:
    sure, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1.0, 0, 1, 0])
    found = operating(sure, right, np.array([0.65, 0.95]), precision=0.66)
    assert (found.threshold, found.answered, found.outside) == (0.7, 0.75, 0.5)
    assert found.right == pytest.approx(2 / 3)


def test_equal_confidence_is_answered_together_or_not_at_all() -> None:
    sure, right = np.array([0.9, 0.9, 0.9]), np.array([1.0, 0, 0])
    assert operating(sure, right, NOBODY, precision=0.9).threshold == 1


def test_where_no_threshold_is_good_enough_nothing_is_answered() -> None:
    found = operating(np.array([0.9]), np.array([0.0]), NOBODY, precision=0.9)
    assert (found.threshold, found.answered, found.right, found.outside) == (1, 0, 1, None)
