"""The most that a desk carries: the rate is raised until it fails, then narrowed down."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from csts.bench.step import Result

SLOW_MS, KEPT_UP = 100, 0.98
# Three halvings of the last doubling tell an eighth of it.
HALVINGS = 3
MOST_RATE = 64_000

Try = Callable[[float], Awaitable[Result]]


@dataclass(frozen=True)
class Limit:
    """`rate` is the highest that was carried, `is_floor` when something else than the desk ended the search."""

    rate: float
    is_floor: bool
    reason: str


def is_carried(result: Result) -> bool:
    """All of it arrived, as fast as it was offered, and nobody waited long."""
    is_quick = result.delivery_ms.get("p99", SLOW_MS + 1) <= SLOW_MS
    return result.is_clean and is_quick and result.achieved >= KEPT_UP * result.rate


async def find(attempt: Try, start: float) -> Limit:
    """Doubles from `start` until a rate is not carried, then halves the way back."""
    carried, failed, result = 0.0, 0.0, None
    rate = start
    while not failed and rate <= MOST_RATE:
        result = await attempt(rate)
        if result.void:
            return Limit(carried, is_floor=True, reason=result.void)
        carried, failed = (rate, 0.0) if is_carried(result) else (carried, rate)
        rate *= 2
    if result is None or not failed:
        return Limit(carried, is_floor=True, reason="nothing higher was tried")
    reason = _why(result)
    for _ in range(HALVINGS):
        middle = round((carried + failed) / 2)
        result = await attempt(middle)
        if not result.void and is_carried(result):
            carried = middle
        else:
            failed, reason = middle, result.void or _why(result)
    return Limit(carried, is_floor=bool(result.void), reason=reason)


def _why(result: Result) -> str:
    if not result.is_clean:
        return ", ".join(result.faults.told())
    return f"at {result.rate:,.0f}/s {result.achieved:,.0f}/s arrived, p99 {result.delivery_ms.get('p99', 0):,.0f} ms"
