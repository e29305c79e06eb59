"""Takes what has been written into the index of search: behind the writers, in short rounds, and nothing twice.

Chat pays nothing for search: its transactions do not know of it. Whoever makes a round locks the state of the index,
reads what has a higher id than anything before, and writes pieces and state together.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.events import AddressChanged
from csts.customers.models import User
from csts.kit.bulk import Insert, Program, Row
from csts.kit.carriers import carry_in
from csts.kit.db import Database
from csts.kit.tasks import Task, enqueue
from csts.search.index import index_of, owner_token, terms_of
from csts.search.models import DESCRIPTION, MESSAGE, NOTE, TITLE, SearchPiece, SearchState
from csts.search.words import tokens_of
from csts.tickets.models import MESSAGES, Ticket

RETITLE = "retitle"
# A round on SQLite is one during which nobody else writes: some milliseconds.
ROUND = 64
# What was written is looked for so often, and rests lie between rounds as between those of the board.
PAUSE_SECONDS, REST, SHORTEST_REST_SECONDS = 0.5, 10, 0.02
# SQLite takes 32,766 values in one statement.
_AT_ONCE = 500
# Longer than any transaction lives: an id that is missing after that is one that nobody has.
MISSING_SECONDS, MOST_MISSING = 180.0, 2000

_insert = Insert(SearchPiece, ("id", "ticket_id", "message_id", "kind", "terms"))


@dataclass
class _Pieces:
    """Pieces that are made one after the other, numbered from `last` on."""

    last: int
    rows: list[Row] = field(default_factory=list)

    def add(self, ticket: int, message: int | None, kind: int, owner: int, text: str) -> None:
        self.last += 1
        tokens = tokens_of(text)
        # Where no customer may read it, it is not found beside his name either.
        marked = tokens if kind == NOTE else [owner_token(owner), *tokens]
        self.rows.append((self.last, ticket, message, kind, terms_of(self.last, marked)))

    def add_title(self, row: Any) -> None:
        self.add(row.id, None, TITLE, row.user_id, f"{row.ticket_no} {row.subject} {row.name} {row.email}")

    def add_message(self, row: Any) -> None:
        # Lines of the system say the same in every ticket.
        if row.sender != "system":
            self.add(row.ticket_id, row.id, NOTE if row.internal else MESSAGE, row.user_id, row.content)


@dataclass
class _Line:
    """Ids in the order in which they are given, of which some may come late: they are committed in another order."""

    seen: int
    missing: dict[int, float]

    def take(self, ids: Sequence[int], now: float) -> None:
        for number in ids:
            if number > self.seen:
                # What has been there from the beginning has no holes that somebody may still fill.
                holes = range(max(self.seen + 1, number - MOST_MISSING), number) if self.seen else ()
                self.missing.update(dict.fromkeys(holes, now))
                self.seen = number
            self.missing.pop(number, None)
        self.missing = {
            number: since
            for number, since in list(self.missing.items())[-MOST_MISSING:]
            if since > now - MISSING_SECONDS
        }


async def is_behind(session: AsyncSession, *, by_late_ones: bool) -> bool:
    """Whether something has been written since the last round; with `by_late_ones` also if it only may have been."""
    ends = [select(func.max(column)).scalar_subquery() for column in (Ticket.id, MESSAGES.c.id)]
    tickets, messages = (await session.execute(select(*ends))).one()
    state = (
        await session.execute(
            select(SearchState.tickets, SearchState.messages, SearchState.missing).where(SearchState.id == 1)
        )
    ).one()
    is_new = (tickets or 0) > state.tickets or (messages or 0) > state.messages
    return is_new or (by_late_ones and any(state.missing.values()))


async def take_in(session: AsyncSession, most: int = ROUND) -> bool:
    """One round of at most so many tickets and messages; whether it was a full one. Locks the state of the index."""
    state = await hold_index(session)
    now = time.time()
    tickets, messages = (_line(state, name) for name in ("tickets", "messages"))
    said = await _rows(session, _SAID, MESSAGES.c.id, messages, most)
    opened = await _rows(session, _TICKETS, Ticket.id, tickets, most)
    is_behind = len(said) >= most
    if is_behind and len(opened) >= most:
        # Beside their talk: else an upgrade puts all tickets on old shelves, and what was said on new ones.
        furthest = max(row.ticket_id for row in said)
        opened = [row for row in opened if row.id <= furthest]
    pieces = _Pieces(state.pieces)
    for row in opened:
        pieces.add_title(row)
        pieces.add(row.id, None, DESCRIPTION, row.user_id, row.description)
    for row in said:
        pieces.add_message(row)
    await _keep(session, state, pieces)
    tickets.take([row.id for row in opened], now)
    messages.take([row.id for row in said], now)
    state.tickets, state.messages = tickets.seen, messages.seen
    state.missing = {"tickets": _plain(tickets), "messages": _plain(messages)}
    return is_behind or len(opened) >= most


async def hold_index(session: AsyncSession) -> SearchState:
    """The state of the index, locked: nobody takes in anything before this transaction has ended."""
    query = select(SearchState).where(SearchState.id == 1).with_for_update()
    state = await session.scalar(query.execution_options(populate_existing=True))
    if state is None:
        raise LookupError("the state of the search is missing")
    return state


async def forget_words(session: AsyncSession, ticket_id: int, message_ids: Sequence[int]) -> None:
    """A ticket is not found any more by what it was about, nor by these messages. The index is held."""
    for start in range(0, len(message_ids) + 1, _AT_ONCE):
        said = SearchPiece.message_id.in_(message_ids[start : start + _AT_ONCE])
        await _forget(session, and_(SearchPiece.ticket_id == ticket_id, or_(SearchPiece.message_id.is_(None), said)))


async def take_anew(session: AsyncSession, state: SearchState, message_ids: Sequence[int]) -> None:
    """These messages say something else now, and their old words are forgotten. The index is held."""
    pieces = _Pieces(state.pieces)
    for start in range(0, len(message_ids), _AT_ONCE):
        some = MESSAGES.c.id.in_(message_ids[start : start + _AT_ONCE])
        for row in await session.execute(_SAID.where(some, MESSAGES.c.id <= state.messages)):
            pieces.add_message(row)
    await _keep(session, state, pieces)


async def retitle_later(session: AsyncSession, changed: AddressChanged) -> None:
    """A customer's tickets are to be found by what he is called now."""
    key = f"customer:{changed.customer_id}"
    await enqueue(session, RETITLE, {"customer_id": changed.customer_id}, key=key)


async def retitle(database: Database, task: Task) -> None:
    """The index of his tickets anew, some at a time: nobody else writes on SQLite meanwhile."""
    last: int | None = 0
    while last is not None:
        last = await database.carry_out(partial(_retitle, customer_id=task.payload["customer_id"], after=last))


async def _retitle(session: AsyncSession, *, customer_id: int, after: int) -> int | None:
    """The last ticket that was taken; None when there is none left."""
    state = await hold_index(session)
    mine = Ticket.user_id == customer_id, Ticket.id > after, Ticket.id <= state.tickets, Ticket.erased_at.is_(None)
    rows = (await session.execute(_TICKETS.where(*mine).limit(ROUND))).all()
    if not rows:
        return None
    await _forget(session, and_(SearchPiece.ticket_id.in_([row.id for row in rows]), SearchPiece.kind == TITLE))
    pieces = _Pieces(state.pieces)
    for row in rows:
        pieces.add_title(row)
    await _keep(session, state, pieces)
    return int(rows[-1].id)


async def _forget(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await index_of(session).remove(session, which)
    await session.execute(delete(SearchPiece).where(which).execution_options(synchronize_session=False))


async def _keep(session: AsyncSession, state: SearchState, pieces: _Pieces) -> None:
    if pieces.rows:
        await carry_in(session, _written(pieces.rows))
        await index_of(session).add(session, state.pieces + 1, pieces.last)
    state.pieces = pieces.last


async def follow(database: Database) -> None:
    """Round after round, for ever: at once where much has come, and with a look now and then where nothing has."""
    async with database.read() as session:
        is_needed = await is_behind(session, by_late_ones=True)
    while is_needed:
        began = time.monotonic()
        is_needed = await database.carry_out(take_in)
        await asyncio.sleep(max(SHORTEST_REST_SECONDS, REST * (time.monotonic() - began)))
    await asyncio.sleep(PAUSE_SECONDS)


async def catch_up(database: Database) -> None:
    """One round where there is something for it, so that a search knows what was written just before it."""
    async with database.read() as session:
        is_needed = await is_behind(session, by_late_ones=False)
    if is_needed:
        await database.carry_out(take_in)


async def build(database: Database, most: int) -> AsyncIterator[int]:
    """All that is missing, without rests, for somebody who waits for it: tells up to which message it has come."""
    is_needed = True
    while is_needed:
        is_needed = await database.carry_out(partial(take_in, most=most))
        async with database.read() as session:
            yield await session.scalar(select(SearchState.messages).where(SearchState.id == 1)) or 0


_TICKETS = (
    select(Ticket.id, Ticket.ticket_no, Ticket.user_id, Ticket.subject, Ticket.description, User.name, User.email)
    .join(User, User.id == Ticket.user_id)
    .order_by(Ticket.id)
    # In this order of tables: MySQL would sort a million rows for the first sixty.
    .prefix_with("STRAIGHT_JOIN", dialect="mysql")
)
_SAID = (
    select(
        *(MESSAGES.c[name] for name in ("id", "ticket_id", "sender", "content", "internal")),
        Ticket.user_id,
    )
    .select_from(MESSAGES)
    .join(Ticket, Ticket.id == MESSAGES.c.ticket_id)
    .order_by(MESSAGES.c.id)
    .prefix_with("STRAIGHT_JOIN", dialect="mysql")
)


async def _rows(
    session: AsyncSession, query: Select[*tuple[Any, ...]], number: Any, line: _Line, most: int
) -> list[Any]:
    """What has come late, and then what is new. As one condition SQLite would sort everything that is new."""
    new = (await session.execute(query.where(number > line.seen).limit(most))).all()
    late = (await session.execute(query.where(number.in_(list(line.missing))))).all() if line.missing else []
    return [*late, *new]


def _written(rows: Sequence[Row]) -> Program[None]:
    yield [_insert(rows)]


def _line(state: SearchState, name: str) -> _Line:
    return _Line(getattr(state, name), {int(number): since for number, since in state.missing.get(name, {}).items()})


def _plain(line: _Line) -> dict[str, float]:
    return {str(number): since for number, since in line.missing.items()}
