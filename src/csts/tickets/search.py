"""Finds tickets by words: in what a person may see, within a time that nobody notices.

Candidates come from the index, the newest pieces first, shelf by shelf; which of them have all words, in whatever
places of the ticket, and are what the list is narrowed to, is then asked of their own pieces. Where few tickets are
looked through in the first place, they are the candidates. It ends when enough has been found, or when time is up.
"""

import time
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Label, case, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit.db import Database
from csts.kit.indexes import by_index
from csts.search.index import Hunt, index_of, pattern_of, shelf_of, start_of
from csts.search.models import DESCRIPTION, NOTE, TITLE, SearchPiece, SearchState
from csts.search.question import Question, Unit
from csts.tickets.filters import Filters, mentions_of
from csts.tickets.lists import numbers
from csts.tickets.models import Mention, Ticket

# So many tickets are looked through themselves; more are found by the index.
FEW = 300
# Four pages of fifty: behind them nobody turns the page, he asks more precisely.
ENOUGH = 200
# Pieces that one look at the index may give.
HITS = 300
# So many on the newest shelf make a word a rare one. How many shelves have it is known better with each look, so that
# none takes in many times more of them than were seen before.
RARE, WIDER = 10, 16
BUDGET_SECONDS = 0.22
# Units that are looked for before one of them is chosen.
MOST_TRIED = 2
# What it weighs where a word stands, as days by which a ticket may be older than one that only has it in its talk.
_WORTH_DAYS = {TITLE: 180.0, DESCRIPTION: 45.0}
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Hit:
    """A ticket that has all words. `score` is in seconds; `piece` is the newest piece behind the title that has one."""

    id: int
    created_at: datetime
    updated_at: datetime
    priority_rank: int
    awaiting_since: datetime | None
    mentioned_at: datetime | None
    score: int
    piece: int | None


@dataclass
class Found:
    """`is_partial` where there may be older ones that nobody has looked at."""

    hits: list[Hit]
    is_partial: bool = False


async def find(database: Database, session: AsyncSession, actor: Actor, filters: Filters, question: Question) -> Found:
    """Tickets of this list that have all words of the question, in no order; none for a question without words."""
    if not question.units:
        return Found([])
    begun = time.monotonic()
    deadline = begun + BUDGET_SECONDS
    if (few := await _few(database, actor, filters)) is not None:
        return Found(await _matching(session, actor, filters, question, few))
    found: dict[int, Hit] = {}
    is_partial = False
    async for candidates in _candidates(session, actor, filters, question, deadline):
        for hit in await _matching(session, actor, filters, question, candidates - found.keys()):
            found[hit.id] = hit
        now = time.monotonic()
        # The next round takes about as long as this one did.
        is_partial = len(found) >= ENOUGH or now + (now - begun) > deadline
        if is_partial:
            break
        begun = now
    return Found(list(found.values()), is_partial)


async def _few(database: Database, actor: Actor, filters: Filters) -> set[int] | None:
    """All tickets of this list, where they are few."""
    if actor.kind == "agent" and not filters.narrow:
        return None
    found = await numbers(database, actor, filters, FEW + 1)
    return found if len(found) <= FEW else None


async def _candidates(
    session: AsyncSession, actor: Actor, filters: Filters, question: Question, deadline: float
) -> AsyncIterator[set[int]]:
    """Tickets that have the rarest unit, the newest pieces of it first; ends with the oldest.

    No look takes in more shelves than may be read until the deadline, by what the last one took for each of them.
    """
    owner = actor.id if actor.kind == "customer" else filters.customer
    end = 1 + (await session.scalar(select(SearchState.pieces).where(SearchState.id == 1)) or 0)
    # Long ones are rare more often than not, and a look for a frequent one is what takes long.
    telling = sorted(question.units, key=lambda unit: sum(map(len, unit.tokens)), reverse=True)[:MOST_TRIED]
    # The newest shelf has hardly been begun at times, and then it says little of how rare a word is.
    newest = 1 if end - start_of(shelf_of(end)) > start_of(1) // 2 else 2
    hunts = [each for unit in telling for each in Hunt(unit, owner).ways]
    look = _cheapest([await _look(session, hunt, end, shelves=newest) for hunt in hunts])
    shelves, seen = look.shelves, len(look.hits)
    yield look.tickets
    while look.rest > 0:
        # As many shelves as will give what one look may; soon all of them for a word that is rare.
        span = min(HITS * shelves // max(1, seen), WIDER * shelves, look.shelves_until(deadline))
        look = await _look(session, look.hunt, look.rest, shelves=max(1, span))
        shelves, seen = shelves + look.shelves, seen + len(look.hits)
        yield look.tickets


@dataclass(frozen=True)
class _Look:
    """What one look at the index gave, and took; pieces from `rest` on upwards have been seen."""

    hunt: Hunt
    hits: Sequence[Any]
    shelves: int
    rest: int
    seconds: float

    @property
    def tickets(self) -> set[int]:
        return {hit.ticket_id for hit in self.hits}

    def shelves_until(self, deadline: float) -> int:
        """How many more of them can be read as fast as these were."""
        return int(self.shelves * max(0.0, deadline - time.monotonic()) / max(self.seconds, 1e-6))


def _cheapest(looks: Sequence[_Look]) -> _Look:
    """What to go on with: of those that found hardly anything the one with the fewest words, else who found least.

    A frequent word beside a rare one leaves out little, and is read on all shelves.
    """
    if rare := [look for look in looks if len(look.hits) <= RARE]:
        return min(rare, key=lambda look: (len(look.hunt.words), len(look.hits)))
    return min(looks, key=lambda look: len(look.hits))


async def _look(session: AsyncSession, hunt: Hunt, below: int, *, shelves: int) -> _Look:
    top = shelf_of(below - 1)
    looked_at = range(top, max(-1, top - shelves), -1)
    query = index_of(session).hits(hunt, looked_at, below=below, most=HITS)
    begun = time.monotonic()
    hits = (await session.execute(query)).all()
    rest = hits[-1].id if len(hits) == HITS else start_of(looked_at[-1])
    return _Look(hunt, hits, len(looked_at), rest, time.monotonic() - begun)


async def _matching(
    session: AsyncSession, actor: Actor, filters: Filters, question: Question, candidates: Collection[int]
) -> list[Hit]:
    """Those of the tickets that are in this list and have every unit somewhere in what this person may read."""
    if not candidates:
        return []
    places = [
        func.min(case((_has(unit), SearchPiece.kind))).label(f"place{n}") for n, unit in enumerate(question.units)
    ]
    behind_title = case((or_(*map(_has, question.units)) & (SearchPiece.kind > TITLE), SearchPiece.id))
    matched = (
        select(SearchPiece.ticket_id, func.max(behind_title).label("piece"), *places)
        .where(SearchPiece.ticket_id.in_(sorted(candidates)))
        .group_by(SearchPiece.ticket_id)
        .having(*(place.is_not(None) for place in places))
    )
    if actor.kind == "customer":
        matched = matched.where(SearchPiece.kind != NOTE)
    those = by_index(matched, SearchPiece, "ix_search_pieces_ticket_id").subquery("matched")
    rows = await session.execute(
        select(
            Ticket.id,
            Ticket.created_at,
            (Ticket.updated_at if actor.kind == "agent" else Ticket.public_updated_at).label("updated_at"),
            Ticket.priority_rank,
            Ticket.awaiting_since,
            _mentioned_at(actor) if filters.mentioned else null().label("mentioned_at"),
            *those.c,
        )
        .join_from(those, Ticket, Ticket.id == those.c.ticket_id)
        .where(*filters.conditions(actor), Ticket.status.in_(filters.statuses))
        .prefix_with("STRAIGHT_JOIN", dialect="mysql")
    )
    return [_hit(row, question) for row in rows]


def _mentioned_at(actor: Actor) -> Label[datetime]:
    mine = select(Mention.mentioned_at).where(Mention.ticket_id == Ticket.id, mentions_of(actor))
    return mine.correlate(Ticket).scalar_subquery().label("mentioned_at")


def _has(unit: Unit) -> Any:
    pattern, escape = pattern_of(unit)
    return SearchPiece.terms.like(pattern, escape=escape)


def _hit(row: Any, question: Question) -> Hit:
    places = [getattr(row, f"place{number}") for number in range(len(question.units))]
    worth = sum(_WORTH_DAYS.get(place, 0.0) for place in places) / len(places)
    score = int(row.updated_at.timestamp() + worth * _DAY_SECONDS)
    keys = (row.id, row.created_at, row.updated_at, row.priority_rank, row.awaiting_since, row.mentioned_at)
    return Hit(*keys, score, row.piece)
