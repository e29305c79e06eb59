"""When the breaker lets calls pass, by a clock that a test moves."""

import pytest

from csts.llm.breaker import Breaker
from csts.llm.errors import LlmLimited, LlmRefused, LlmUnavailable
from tests.llm.conftest import Watch

pytestmark = pytest.mark.once

DOWN = LlmUnavailable("server_error", status=503)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def breaker(watch: Watch) -> Breaker:
    return Breaker(30, now=watch)


def state(breaker: Breaker) -> str:
    return breaker.state


def fail(breaker: Breaker, times: int = 3) -> None:
    for _ in range(times):
        breaker.failed(breaker.enter(), DOWN)


def test_two_failures_and_a_success_are_no_outage(breaker: Breaker) -> None:
    for _ in range(5):
        fail(breaker, 2)
        breaker.succeeded(breaker.enter())
    assert state(breaker) == "closed"


def test_three_failures_in_a_row_open_it_for_the_rest(breaker: Breaker, watch: Watch) -> None:
    fail(breaker)
    watch.seconds += 29.9
    assert state(breaker) == "open"
    with pytest.raises(LlmUnavailable, match="resting") as caught:
        breaker.enter()
    assert caught.value.status == 503
    watch.seconds += 0.1
    assert state(breaker) == "half_open"


def test_one_at_a_time_tries_after_the_rest(breaker: Breaker, watch: Watch) -> None:
    fail(breaker)
    watch.seconds += 30
    trial = breaker.enter()
    with pytest.raises(LlmUnavailable):
        breaker.enter()
    breaker.succeeded(trial)
    assert state(breaker) == "closed"
    breaker.enter()
    breaker.enter()


def test_a_trial_that_fails_opens_it_at_once(breaker: Breaker, watch: Watch) -> None:
    fail(breaker)
    watch.seconds += 30
    fail(breaker, 1)
    assert state(breaker) == "open"


def test_a_trial_that_is_dropped_leaves_the_next_one_to_try(breaker: Breaker, watch: Watch) -> None:
    fail(breaker)
    watch.seconds += 30
    breaker.left(breaker.enter())
    assert state(breaker) == "half_open"
    breaker.succeeded(breaker.enter())
    assert state(breaker) == "closed"


def test_calls_from_before_it_opened_decide_nothing(breaker: Breaker, watch: Watch) -> None:
    early = [breaker.enter() for _ in range(3)]
    fail(breaker)
    breaker.succeeded(early[0])
    assert state(breaker) == "open"
    watch.seconds += 30
    breaker.enter()
    breaker.failed(early[1], DOWN)
    breaker.left(early[2])
    with pytest.raises(LlmUnavailable):
        breaker.enter()


def test_a_limit_tells_how_long_is_left_of_it(breaker: Breaker, watch: Watch) -> None:
    breaker.rest(breaker.enter(), LlmLimited(40), 40)
    watch.seconds += 15
    with pytest.raises(LlmLimited) as caught:
        breaker.enter()
    assert caught.value.retry_after == 25


def test_the_longer_of_two_rests_counts(breaker: Breaker, watch: Watch) -> None:
    first, second, third = (breaker.enter() for _ in range(3))
    breaker.rest(first, LlmLimited(40), 40)
    breaker.rest(second, LlmLimited(5), 5)
    watch.seconds += 10
    assert state(breaker) == "open"
    breaker.rest(third, LlmRefused("status", status=401), 600)
    watch.seconds += 599
    with pytest.raises(LlmRefused):
        breaker.enter()
