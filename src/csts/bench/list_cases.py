"""What is asked of lists when they are measured, and how long each may take."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

import msgspec

from csts.auth.actor import Actor
from csts.bench.lists import Case
from csts.bench.town import AGENTS, END, TAGS, YEARS, Town, tag_of
from csts.kit.db import Database
from csts.kit.paging import encode_cursor
from csts.tickets import lists
from csts.tickets.filters import Filters
from csts.tickets.lists import Sort
from csts.tickets.status import ACTIVE, Priority, Status
from csts.tickets.tally import Tally

# P7 of our bars: what p99 of a page may be.
LIST_MS = 25.0
SORTS: tuple[Sort, ...] = ("-created_at", "created_at", "-priority", "priority", "-updated_at")
LIMIT, PAGES = 50, 4

Who = Callable[[random.Random], Actor]
View = Callable[[random.Random], Filters]


def cases_of(town: Town) -> list[Case]:
    """Every queue, filter and order that the desk offers, a customer's own list, deep pages and the counters."""
    views: list[tuple[str, View]] = [
        ("open", lambda _: Filters(status=ACTIVE, snoozed=False)),
        ("all", lambda _: Filters()),
        ("solved", lambda _: Filters(status=(Status.RESOLVED,))),
        ("closed", lambda _: Filters(status=(Status.CLOSED,))),
        ("mine", lambda _: Filters(status=ACTIVE, assignee="me", snoozed=False)),
        ("unassigned", lambda _: Filters(status=ACTIVE, assignee="none", snoozed=False)),
        ("awaiting", lambda _: Filters(awaiting_reply=True, snoozed=False)),
        ("snoozed", lambda _: Filters(snoozed=True)),
        ("mentions", lambda _: Filters(mentioned=True)),
        ("mentions, open", lambda _: Filters(mentioned=True, status=ACTIVE)),
        ("all, urgent", lambda _: Filters(priority=(Priority.URGENT,))),
        ("all, a category", lambda _: Filters(issue_type=("general",))),
        ("all, a category that nobody uses", lambda _: Filters(issue_type=("unheard of",))),
        ("all, high and billing", lambda _: Filters(priority=(Priority.HIGH,), issue_type=("billing",))),
        ("all, of an agent", lambda rng: Filters(assignee=rng.randint(1, AGENTS))),
        ("closed, of an agent, low", lambda rng: _low_of_an_agent(rng.randint(1, AGENTS))),
        ("all, of a customer", lambda rng: Filters(customer=customer(town, rng))),
        ("a frequent tag", lambda _: Filters(tag=1)),
        ("a rare tag", lambda _: Filters(tag=TAGS)),
        ("a frequent tag, open", lambda _: Filters(status=ACTIVE, tag=1, snoozed=False)),
    ]
    found = [_Page(f"{name} {sort}", agent, view, sort) for name, view in views for sort in SORTS]
    own_orders: list[tuple[Sort, tuple[str, ...]]] = [
        ("awaiting_since", ("open", "mine", "unassigned", "awaiting", "all, a category")),
        ("-mentioned_at", ("mentions", "mentions, open")),
    ]
    found += [
        _Page(f"{name} {sort}", agent, view, sort)
        for sort, names in own_orders
        for name, view in views
        if name in names
    ]
    owner: Who = lambda rng: person("customer", customer(town, rng))  # noqa: E731
    found += [_Page(f"my tickets {sort}", owner, lambda _: Filters(), sort) for sort in SORTS]
    found += [_deep(town, sort) for sort in ("-created_at", "-priority")]
    return [*(page.case for page in found), Case("counters, after something happened", _count, LIST_MS)]


def _low_of_an_agent(number: int) -> Filters:
    return Filters(status=(Status.CLOSED,), priority=(Priority.LOW,), assignee=number)


def person(kind: Literal["agent", "customer"], number: int) -> Actor:
    return Actor(kind, number, kind, "Somebody", "", datetime.now(UTC))


def agent(rng: random.Random) -> Actor:
    return person("agent", rng.randint(1, AGENTS))


def customer(town: Town, rng: random.Random) -> int:
    # As they write: who has written often looks often.
    return 1 + int(town.customers * rng.random() ** 2)


@dataclass(frozen=True)
class _Page:
    """A page of a list as this person reads it, at the beginning or at a `place`."""

    name: str
    who: Who
    view: View
    sort: Sort
    place: Callable[[random.Random], str | None] = lambda _: None

    @property
    def case(self) -> Case:
        return Case(self.name, self.ask, LIST_MS, self.path, self.who(random.Random(0)).kind)  # noqa: S311 - no secret

    async def ask(self, database: Database, rng: random.Random) -> bytes:
        actor, filters, cursor = self.who(rng), self.view(rng), self.place(rng)
        page = await lists.page(database, actor, filters, sort=self.sort, limit=LIMIT, cursor=cursor)
        return msgspec.json.encode(page)

    def path(self, rng: random.Random) -> str:
        filters, cursor = self.view(rng), self.place(rng)
        query = {
            "status": filters.status,
            "priority": filters.priority,
            "issue_type": filters.issue_type,
            "assignee": filters.assignee or (),
            "customer": filters.customer or (),
            "awaiting_reply": "true" if filters.awaiting_reply else (),
            "tag": tag_of(filters.tag) if filters.tag else (),
            "snoozed": () if filters.snoozed is None else str(filters.snoozed).lower(),
            "mentioned": "me" if filters.mentioned else (),
            "sort": self.sort,
            "limit": LIMIT,
            "cursor": cursor or (),
        }
        return f"/tickets?{urlencode(query, doseq=True)}"


def _deep(town: Town, sort: Sort) -> _Page:
    """A page somewhere in the middle of what is closed."""

    def place(rng: random.Random) -> str:
        number = rng.randint(1, town.tickets)
        key: object = END - YEARS * rng.random() if sort.endswith("created_at") else Priority.MEDIUM.rank
        return encode_cursor(f"tickets{sort}", [key, number])

    return _Page(f"closed {sort}, deep", agent, lambda _: Filters(status=(Status.CLOSED,)), sort, place)


async def _count(database: Database, rng: random.Random) -> bytes:
    return msgspec.json.encode(await Tally().counts(database, rng.randint(1, AGENTS)))
