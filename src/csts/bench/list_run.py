"""`csts bench lists` from its order to its figures: migrate, fill where that is needed, ask."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from csts.bench.fill import fill, index, is_filled
from csts.bench.list_cases import cases_of
from csts.bench.lists import AT_ONCE, HEAD, Findings, measure
from csts.bench.plan import Say, Unmeasured
from csts.bench.search_cases import searches_of
from csts.bench.town import Town
from csts.kit.db import Announcement, Database

Bar = Callable[..., AbstractContextManager[Any]]
Upgrade = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Order:
    """What is wanted: a town in this database, each question for `seconds`, those whose names begin with `only`."""

    url: str
    tickets: int
    messages: int
    seed: int
    seconds: float
    only: str


async def run(order: Order, upgrade: Upgrade, say: Say, bar: Bar) -> Findings:
    """Raises Unmeasured where the database is somebody else's, or nothing is asked."""
    town = Town(order.tickets, order.messages, order.seed)
    everything = [*cases_of(town), *searches_of(town)]
    cases = [case for case in everything if case.name.startswith(order.only)]
    if not cases:
        raise Unmeasured(f"no question has a name that begins with {order.only}.")
    await upgrade(order.url)
    database = Database(order.url, publish=_tell_nobody, reactions={})
    try:
        if not await is_filled(database, town):
            with bar(length=town.tickets, label="Filling") as filling:
                await fill(database, town, filling.update)
        with bar(length=town.messages, label="Indexing") as taking_in:
            await index(database, taking_in.update)
        say(HEAD)
        found = await measure(database, town, cases, order.seconds, say)
    finally:
        await database.close()
    say(f"{cases[0].name}: {found.pages_per_second:,.0f} a second, {AT_ONCE} at once.")
    return found


async def _tell_nobody(_announced: Sequence[Announcement]) -> None:
    """Nobody listens to a town."""
