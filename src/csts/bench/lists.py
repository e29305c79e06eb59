"""How long lists take in a town of any size: from the question to the bytes that would be sent."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from csts.auth.actor import ActorKind
from csts.bench import machine
from csts.bench.plan import Say
from csts.bench.town import Town
from csts.kit.db import Database
from csts.kit.plans import Plan, explained

AT_ONCE, WARM_UP = 16, 3

Ask = Callable[[Database, random.Random], Awaitable[bytes]]


@dataclass(frozen=True)
class Case:
    """One question, asked again and again for others: `bar_ms` is what p99 may be.

    `path` is the same as a request, which somebody of this `kind` makes.
    """

    name: str
    ask: Ask
    bar_ms: float
    path: Callable[[random.Random], str] | None = None
    kind: ActorKind = "agent"


@dataclass(frozen=True)
class Figure:
    """What a case took, in milliseconds."""

    name: str
    bar_ms: float
    times: int
    p50: float
    p95: float
    p99: float
    max: float
    plans: list[Plan] = field(default_factory=list, repr=False)

    @property
    def scans(self) -> list[str]:
        return sorted({table for plan in self.plans for table in plan.scans})

    @property
    def is_met(self) -> bool:
        return self.p99 <= self.bar_ms and not self.scans


@dataclass(frozen=True)
class Findings:
    """All figures, and how many pages of the default list were read in a second by some at once."""

    machine: dict[str, Any]
    target: dict[str, Any]
    figures: list[Figure]
    pages_per_second: float

    def as_json(self) -> dict[str, Any]:
        figures = []
        for each in self.figures:
            plans = [{"statement": plan.statement, "rows": plan.rows} for plan in each.plans]
            figures.append({**asdict(each), "plans": plans, "is_met": each.is_met, "scans": each.scans})
        told = {"machine": self.machine, "target": self.target, "pages_per_second": self.pages_per_second}
        return {**told, "figures": figures}


async def measure(database: Database, town: Town, cases: Sequence[Case], seconds: float, say: Say) -> Findings:
    """Each case for so many seconds, one question after the other."""
    facts = machine.facts()
    figures = []
    for case in cases:
        figures.append(await _measured(database, case, random.Random(town.seed), seconds))  # noqa: S311 - no secret
        say(line(figures[-1]))
    target = {"database": database.engine.dialect.name, **asdict(town)}
    most = await per_second(lambda rng: cases[0].ask(database, rng), seconds)
    return Findings(facts, target, figures, most)


def line(figure: Figure) -> str:
    verdict = "" if figure.is_met else f"  over {figure.bar_ms:.0f} ms" if figure.p99 > figure.bar_ms else ""
    scans = f"  scans {', '.join(figure.scans)}" if figure.scans else ""
    times = "  ".join(f"{value:8.1f}" for value in (figure.p50, figure.p95, figure.p99, figure.max))
    return f"{figure.name:<44}{times}  {figure.times:6,}{verdict}{scans}"


HEAD = f"{'milliseconds':<44}" + "  ".join(f"{name:>8}" for name in ("p50", "p95", "p99", "max")) + f"  {'asked':>6}"


async def _measured(database: Database, case: Case, rng: random.Random, seconds: float) -> Figure:
    for _ in range(WARM_UP):
        await case.ask(database, rng)
    took: list[float] = []
    end = time.perf_counter() + seconds
    while not took or time.perf_counter() < end:
        began = time.perf_counter()
        await case.ask(database, rng)
        took.append(1000 * (time.perf_counter() - began))
    async with explained(database.engine) as plans:
        await case.ask(database, rng)
    p50, p95, p99 = percentiles(took, (0.5, 0.95, 0.99))
    return Figure(case.name, case.bar_ms, len(took), p50, p95, p99, round(max(took), 2), plans)


def percentiles(took: Sequence[float], shares: Sequence[float]) -> list[float]:
    ordered = sorted(took)
    return [round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) for share in shares]


async def per_second(ask: Callable[[random.Random], Awaitable[object]], seconds: float) -> float:
    """How often it is answered to some who ask at once, each of them again as soon as he has an answer."""
    end, answered = time.perf_counter() + seconds, 0

    async def reader(number: int) -> None:
        nonlocal answered
        rng = random.Random(number)  # noqa: S311 - no secret
        while time.perf_counter() < end:
            await ask(rng)
            answered += 1

    began = time.perf_counter()
    await asyncio.gather(*(reader(number) for number in range(AT_ONCE)))
    return round(answered / (time.perf_counter() - began), 1)
