"""Lists as people ask for them: over HTTP, at a rate, of one desk or of two by turns."""

import asyncio
import random
import re
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from csts.auth.actor import ActorKind
from csts.bench.desk import Own, own_desk
from csts.bench.http import Site
from csts.bench.list_cases import cases_of
from csts.bench.lists import Case, percentiles
from csts.bench.plan import Say, Unmeasured
from csts.bench.town import AGENTS, Town, email_of, username_of

# P7 of our bars: so many requests a second; p50 at most so many times that of a hundredth of the tickets.
RATE, MOST_TIMES = 100, 1.5
# Of two desks by turns, for a machine is not as fast at one time as at another.
TURNS = 4
HEAD = f"{'over HTTP, milliseconds':<44}{'p50':>8}{'p99':>10}{'beside: p50':>16}{'p99':>10}{'times':>8}"

# The desk ends a connection that has rested for five seconds, perhaps just as it is used again.
KEPT_SECONDS = 2.0

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class RequestFigure:
    """What a list took over HTTP, in milliseconds; `beside` is the other desk's p50 and p99."""

    name: str
    bar_ms: float
    p50: float
    p99: float
    beside: tuple[float, float] | None

    @property
    def times(self) -> float | None:
        return round(self.p50 / self.beside[0], 2) if self.beside else None

    @property
    def is_met(self) -> bool:
        return self.p99 <= self.bar_ms and (self.times or 0) <= MOST_TIMES

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "times": self.times, "is_met": self.is_met}


class Visitors:
    """An agent and a customer who are signed in at a desk, with connections that stay open."""

    def __init__(self, site: Site, tokens: dict[ActorKind, str], cases: Sequence[Case]) -> None:
        self.cases = {case.name: case for case in cases if case.path}
        self._site = site
        self._tokens = tokens
        self._idle: list[tuple[float, StreamReader, StreamWriter]] = []

    async def ask(self, name: str, rng: random.Random) -> float:
        """The milliseconds of one request of this case. Raises Unmeasured where it is refused."""
        case = self.cases[name]
        path = case.path(rng) if case.path else ""
        began = time.perf_counter()
        reader, writer = await self._connection()
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {self._site.host}\r\nAuthorization: Bearer {self._tokens[case.kind]}\r\n\r\n"
        )
        writer.write(head.encode())
        told = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(told)
        if not told.startswith(b"HTTP/1.1 200") or not length:
            raise Unmeasured(f"GET {path} was answered with {told.splitlines()[0].decode(errors='replace')}.")
        await reader.readexactly(int(length[1]))
        took = 1000 * (time.perf_counter() - began)
        self._idle.append((time.monotonic(), reader, writer))
        return took

    async def close(self) -> None:
        for _, _, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _connection(self) -> tuple[StreamReader, StreamWriter]:
        while self._idle:
            since, reader, writer = self._idle.pop()
            if time.monotonic() - since < KEPT_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._site.host, self._site.port)


@asynccontextmanager
async def visiting(towns: Sequence[tuple[str, Town]]) -> AsyncIterator[list[Visitors]]:
    """A desk for each of these databases, and visitors in it. Raises Unmeasured."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_visitors(url, town)) for url, town in towns]


@asynccontextmanager
async def _visitors(url: str, town: Town) -> AsyncIterator[Visitors]:
    # Those who have as many tickets as most: few have a thousand times as many, and none in a hundredth of the town.
    email, username = email_of(1 + town.customers // 4), username_of(1 + AGENTS // 4)
    async with own_desk(Own(database=url, customer=email, agent=username)) as running:
        site, password = running.site, running.agent.password
        agent = await site.post("/agent/login", {"username": username, "password": password})
        customer = await site.post("/user/login", {"email": email, "password": password})
        tokens: dict[ActorKind, str] = {"agent": agent["access_token"], "customer": customer["access_token"]}
        visitors = Visitors(site, tokens, cases_of(town))
        try:
            yield visitors
        finally:
            await visitors.close()


async def measure_requests(
    desks: Sequence[Visitors], wanted: Sequence[Case], seconds: float, say: Say
) -> list[RequestFigure]:
    """Each list for `seconds` at the rate, of the first desk and of the second by turns."""
    figures = []
    for case in wanted:
        if not case.path:
            continue
        took: list[list[float]] = [[] for _ in desks]
        chances = [random.Random(0) for _ in desks]  # noqa: S311 - no secret
        for desk, rng in zip(desks, chances, strict=True):
            await _at_rate(desk, case.name, rng, seconds / TURNS)
        for _ in range(TURNS):
            for desk, rng, times in zip(desks, chances, took, strict=True):
                times.extend(await _at_rate(desk, case.name, rng, seconds / TURNS))
        (p50, p99), *others = (percentiles(times, (0.5, 0.99)) for times in took)
        beside = (others[0][0], others[0][1]) if others else None
        figures.append(RequestFigure(case.name, case.bar_ms, p50, p99, beside))
        say(line(figures[-1]))
    return figures


def line(figure: RequestFigure) -> str:
    beside = f"{figure.beside[0]:16.1f}{figure.beside[1]:10.1f}{figure.times:8.2f}" if figure.beside else ""
    over = [f"over {figure.bar_ms:.0f} ms"] if figure.p99 > figure.bar_ms else []
    over += [f"over {MOST_TIMES} times"] if (figure.times or 0) > MOST_TIMES else []
    return f"{figure.name:<44}{figure.p50:8.1f}{figure.p99:10.1f}{beside}{'  ' if over else ''}{', '.join(over)}"


async def _at_rate(desk: Visitors, name: str, rng: random.Random, seconds: float) -> list[float]:
    """In an open loop: each at its time, whatever has become of those before it."""
    began = time.perf_counter()
    asked = []
    for number in range(max(1, int(seconds * RATE))):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        asked.append(asyncio.create_task(desk.ask(name, rng)))
    return list(await asyncio.gather(*asked))
