"""The search for the most that a desk carries, on desks whose limit is known."""

from csts.bench.book import Faults
from csts.bench.limit import find
from csts.bench.step import Result


def result(rate: float, p99: float, *, cpu: float = 0.2, late: float = 0.5, lost: int = 0) -> Result:
    return Result(
        label="search",
        rate=rate,
        sent=100,
        acknowledged=100,
        delivered=100,
        achieved=rate,
        ack_ms={"p99": p99},
        delivery_ms={"p99": p99},
        late_ms={"p99": late},
        generator_cpu=cpu,
        server_cpu=0.0,
        server_mb=0.0,
        out_of_order=0,
        faults=Faults(lost=lost),
    )


class Desk:
    """Carries so much, and is slow or loses something beyond; `hiccups` are tries that fail whatever the rate."""

    def __init__(self, carries: float, *, beyond: Result | None = None, hiccups: int = 0) -> None:
        self._carries = carries
        self._beyond = beyond
        self._hiccups = hiccups
        self.tried: list[float] = []

    async def attempt(self, rate: float) -> Result:
        self.tried.append(rate)
        if self._hiccups:
            self._hiccups -= 1
            return result(rate, 500)
        if rate <= self._carries:
            return result(rate, 5)
        return self._beyond or result(rate, 500)


async def test_the_limit_is_found_from_below() -> None:
    limit = await find(Desk(5500).attempt, 1000)
    assert 5500 * 7 / 8 <= limit.rate <= 5500
    assert not limit.is_floor


async def test_the_limit_is_found_from_above() -> None:
    limit = await find(Desk(300).attempt, 4000)
    assert 300 * 7 / 8 <= limit.rate <= 300


async def test_a_hiccup_of_the_machine_is_no_limit() -> None:
    limit = await find(Desk(5500, hiccups=1).attempt, 1000)
    assert limit.rate >= 5500 * 7 / 8


async def test_what_loses_messages_is_not_carried() -> None:
    limit = await find(Desk(5500, beyond=result(0, 5, lost=1)).attempt, 1000)
    assert limit.rate <= 5500
    assert "1 lost" in limit.reason


async def test_a_limit_of_the_generator_is_a_floor_of_the_desk() -> None:
    limit = await find(Desk(5500, beyond=result(8000, 5, cpu=0.97)).attempt, 1000)
    assert limit.is_floor
    assert "load generator" in limit.reason


async def test_a_desk_that_carries_everything_has_a_floor_only() -> None:
    limit = await find(Desk(1e9).attempt, 1000)
    assert limit.is_floor
    assert limit.rate == 64_000


async def test_a_desk_that_carries_nothing_carries_nothing() -> None:
    limit = await find(Desk(0).attempt, 1000)
    assert limit.rate == 0


def test_a_run_is_void_when_the_generator_needs_the_whole_core() -> None:
    assert "core" in result(1000, 20, cpu=0.91).void
    assert not result(1000, 20, cpu=0.89).void


def test_a_run_is_void_when_the_generator_is_as_slow_as_the_desk() -> None:
    assert "late" in result(1000, 20, late=10.1).void
    assert not result(1000, 20, late=9.9).void
    assert not result(1000, 2000, late=30).void
