"""The most that a desk carries: the rate is doubled until it fails, then narrowed down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from csts.bench.step import Result

SLOW_MS, KEPT_UP = 100, 0.98
# A hiccup of the machine is no limit of the desk: a rate has failed when it has failed twice.
TRIES = 2
# Three halvings of the last doubling tell an eighth of it.
HALVINGS = 3
MOST_RATE, LEAST_RATE = 64_000, 10

Try = Callable[[float], Awaitable[Result]]


@dataclass(frozen=True)
class Limit:
    """`rate` is the highest that was carried; a floor when something else than the desk ended the search."""

    rate: float
    is_floor: bool
    reason: str


def is_carried(result: Result) -> bool:
    """All of it arrived, as fast as it was offered, and nobody waited long."""
    is_quick = result.delivery_ms.get("p99", SLOW_MS + 1) <= SLOW_MS
    return result.is_clean and not result.void and is_quick and result.achieved >= KEPT_UP * result.rate


async def find(attempt: Try, start: float) -> Limit:
    """Doubles from `start` while a rate is carried, or halves until one is; then narrows down what lies between."""
    result = await _tried(attempt, start)
    carried = start if is_carried(result) else 0.0
    rate, factor = start, 2.0 if carried else 0.5
    while LEAST_RATE <= (rate := rate * factor) <= MOST_RATE:
        last, result = result, await _tried(attempt, rate)
        if is_carried(result) != is_carried(last):
            return await _narrowed(attempt, (last, result) if carried else (result, last))
        carried = rate if carried else 0.0
    return Limit(carried, is_floor=True, reason="no rate further on was tried")


async def _narrowed(attempt: Try, between: tuple[Result, Result]) -> Limit:
    """Between a rate that was carried and one that was not."""
    carried, failed = between
    for _ in range(HALVINGS):
        middle = await _tried(attempt, round((carried.rate + failed.rate) / 2))
        carried, failed = (middle, failed) if is_carried(middle) else (carried, middle)
    return Limit(carried.rate, is_floor=bool(failed.void), reason=_why(failed))


async def _tried(attempt: Try, rate: float) -> Result:
    result = await attempt(rate)
    for _ in range(TRIES - 1):
        if is_carried(result):
            break
        result = await attempt(rate)
    return result


def _why(result: Result) -> str:
    told = ", ".join(filter(None, [result.void, *result.faults.told()]))
    at = f"at {result.rate:,.0f}/s {result.achieved:,.0f}/s arrived, p99 {result.delivery_ms.get('p99', 0):,.0f} ms"
    return f"{at}, {told}" if told else at
