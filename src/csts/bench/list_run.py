"""`csts bench lists` from its order to its figures: migrate, fill where that is needed, ask."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from csts.bench import list_requests
from csts.bench.fill import fill, index, is_filled
from csts.bench.list_cases import cases_of
from csts.bench.list_requests import RequestFigure
from csts.bench.lists import AT_ONCE, HEAD, Findings, measure, per_second
from csts.bench.plan import Say, Unmeasured
from csts.bench.search_cases import searches_of
from csts.bench.town import Town
from csts.kit.db import Announcement, Database

Bar = Callable[..., AbstractContextManager[Any]]
Upgrade = Callable[[str], Awaitable[None]]
HUNDRED, LEAST = 100, 10


@dataclass(frozen=True)
class Order:
    """What is wanted: a town in this database, each question for `seconds`, those whose names begin with `only`.

    `beside` is a database for a hundredth of the town, of which each list is asked as well.
    """

    url: str
    tickets: int
    messages: int
    seed: int
    seconds: float
    only: str
    beside: str = ""

    @property
    def towns(self) -> list[tuple[str, Town]]:
        """Databases and what is in them."""
        towns = [(self.url, Town(self.tickets, self.messages, self.seed))]
        if self.beside:
            share = max(LEAST, self.tickets // HUNDRED), max(LEAST, self.messages // HUNDRED)
            towns.append((self.beside, Town(*share, self.seed)))
        return towns


@dataclass(frozen=True)
class Report:
    """What was found in the database, and of lists over HTTP; `requests_per_second` are those of the default list."""

    inside: Findings
    requests: list[RequestFigure]
    requests_per_second: float | None

    @property
    def is_good(self) -> bool:
        return all(each.is_met for each in self.inside.figures) and all(each.is_met for each in self.requests)

    def as_json(self) -> dict[str, Any]:
        requests = [each.as_json() for each in self.requests]
        return {**self.inside.as_json(), "requests": requests, "requests_per_second": self.requests_per_second}


async def run(order: Order, upgrade: Upgrade, say: Say, bar: Bar) -> Report:
    """Raises Unmeasured where a database is somebody else's, or nothing is asked."""
    [(url, town), *_] = towns = order.towns
    cases = [case for case in (*cases_of(town), *searches_of(town)) if case.name.startswith(order.only)]
    if not cases:
        raise Unmeasured(f"no question has a name that begins with {order.only}.")
    for where, what in towns:
        await upgrade(where)
        async with _opened(where) as database:
            await _fill(database, what, bar)
    async with _opened(url) as database:
        say(HEAD)
        inside = await measure(database, town, cases, order.seconds, say)
    say(f"{cases[0].name}: {inside.pages_per_second:,.0f} pages a second, {AT_ONCE} at once.")
    pages = [case for case in cases if case.path]
    if not pages:
        return Report(inside, [], None)
    say(f"Over HTTP, {list_requests.RATE} requests a second of a desk of its own.")
    async with list_requests.visiting(towns) as desks:
        say(list_requests.HEAD)
        figures = await list_requests.measure_requests(desks, pages, order.seconds, say)
        most = await per_second(lambda rng: desks[0].ask(pages[0].name, rng), order.seconds)
    say(f"{pages[0].name}: {most:,.0f} requests a second, {AT_ONCE} at once.")
    return Report(inside, figures, most)


async def _fill(database: Database, town: Town, bar: Bar) -> None:
    if not await is_filled(database, town):
        with bar(length=town.tickets, label="Filling") as filling:
            await fill(database, town, filling.update)
    with bar(length=town.messages, label="Indexing") as taking_in:
        await index(database, taking_in.update)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url, publish=_tell_nobody, reactions={})
    try:
        yield database
    finally:
        await database.close()


async def _tell_nobody(_announced: Sequence[Announcement]) -> None:
    """Nobody listens to a town."""
