"""The bars: what is promised, and whether the figures of this run keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Run = dict[str, Any]
Step = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """A bar beside its figure. `void` says that the load generator was the bottleneck: measure again."""

    id: str
    bar: str
    figure: str
    reference: str
    verdict: Literal["met", "missed", "void"]


def steps(runs: Sequence[Run], rate: int, label: str = "") -> list[Step]:
    """Every step at this rate that says something about the server."""
    return [
        step
        for run in runs
        for step in run["steps"]
        if step["rate"] == rate and step["label"] == label and not step["void"]
    ]


def middle(found: Sequence[Step], name: str) -> float:
    """Of several rounds the middle one, in milliseconds."""
    return median(float(step["delivery_ms"].get(name, float("inf"))) for step in found)


def judge(bar: tuple[str, str], found: Sequence[Step], figure: str, reference: str, *, is_met: bool) -> Verdict:
    """Whatever the figure: who lost something has missed the bar."""
    lost = [step for step in found if not step["is_clean"]]
    if lost:
        figure += f"; LOST in {len(lost)} of {len(found)} rounds"
    return Verdict(*bar, figure, reference, "met" if is_met and not lost else "missed")


def void(bar: tuple[str, str]) -> Verdict:
    return Verdict(*bar, "-", "-", "void")


def at_rate(bar: tuple[str, str], runs: Sequence[Run], rate: int, most_ms: float) -> Verdict:
    """So many messages a second arrive, and quickly."""
    found = steps(runs, rate)
    if not found:
        return void(bar)
    p99, achieved = middle(found, "p99"), median(step["achieved"] for step in found)
    figure = f"{achieved:,.0f}/s, p99 {p99:.1f} ms"
    return judge(bar, found, figure, f"{rate:,}/s, {most_ms:g} ms", is_met=p99 <= most_ms and achieved >= 0.98 * rate)


def limits(bar: tuple[str, str], ours: Run, other: Run, factor: float, name: str) -> Verdict:
    """A multiple of what the other carries."""
    mine, its = ours["limit"], other["limit"]
    if its["is_floor"]:
        return void(bar)
    is_met = mine["rate"] >= factor * its["rate"]
    if mine["is_floor"] and not is_met:
        return void(bar)
    figure = f"{'>= ' if mine['is_floor'] else ''}{mine['rate']:,.0f}/s, {mine['rate'] / max(1, its['rate']):.1f} x"
    return judge(bar, [], figure, f"{name} {its['rate']:,.0f}/s", is_met=is_met)


def beside(bar: tuple[str, str], ours: Sequence[Run], others: Sequence[Run], rate: int) -> Verdict:
    """No slower than so many times the other."""
    mine, its = steps(ours, rate), steps(others, rate)
    if not mine or not its:
        return void(bar)
    p50, p99, p50_other, p99_other = (middle(found, name) for found in (mine, its) for name in ("p50", "p99"))
    figure = f"p50 {p50:.2f} ms ({p50 / p50_other:.1f} x), p99 {p99:.2f} ms ({p99 / p99_other:.1f} x)"
    reference = f"Node p50 {p50_other:.2f}, p99 {p99_other:.2f} ms"
    return judge(bar, mine, figure, reference, is_met=p50 <= 2 * p50_other and p99 <= 3 * p99_other)


# P4: KiB of a socket, milliseconds of the chat beside them, and how many there are.
IDLE_KIB, IDLE_P99_MS, IDLE_SOCKETS = 40, 10, 10_000
# P6.
DISTURBED_FACTOR = 3


def idle(bar: tuple[str, str], runs: Sequence[Run]) -> Verdict:
    """The memory of sockets that are only open, and the chat beside them."""
    found = steps(runs, 500)
    if not found:
        return void(bar)
    kib, p99 = median(run["idle"]["kib_each"] for run in runs), middle(found, "p99")
    count = runs[0]["idle"]["sockets"]
    is_small = kib <= IDLE_KIB and count >= IDLE_SOCKETS
    figure = f"{kib:.1f} KiB each of {count:,}, chat p99 {p99:.1f} ms"
    return judge(bar, found, figure, "40 KiB, 10 ms", is_met=is_small and p99 <= IDLE_P99_MS)


def disturbed(bar: tuple[str, str], runs: Sequence[Run], rate: int) -> Verdict:
    """No slower than so many times the quiet run before it; the middle of the rounds."""
    quiet, loud = steps(runs, rate, "quiet"), steps(runs, rate, "disturbed")
    if not quiet or len(quiet) != len(loud):
        return void(bar)
    ratios = [b["delivery_ms"]["p99"] / a["delivery_ms"]["p99"] for a, b in zip(quiet, loud, strict=True)]
    figure = f"p99 {middle(loud, 'p99'):.1f} ms, {median(ratios):.1f} x"
    return judge(
        bar,
        [*quiet, *loud],
        figure,
        f"quiet p99 {middle(quiet, 'p99'):.1f} ms",
        is_met=median(ratios) <= DISTURBED_FACTOR,
    )
