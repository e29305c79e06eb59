"""Pages of what a search has found: a few searches at once, so that whoever talks never waits for one who looks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit.columns import MAX_ID
from csts.kit.db import Database
from csts.kit.errors import DomainError
from csts.kit.paging import decode_cursor, encode_cursor
from csts.search.marks import excerpt
from csts.search.models import DESCRIPTION, NOTE, SearchPiece
from csts.search.question import Question
from csts.tickets import indexing, lists
from csts.tickets.filters import Filters
from csts.tickets.models import MESSAGES, Ticket
from csts.tickets.rows import rows_by_id
from csts.tickets.schemas import FoundIn, TicketPage, TicketRow
from csts.tickets.search import Hit, find

# Of two cores one is left to those who talk.
AT_ONCE = 1
# How long a search waits for its turn, and what is cut off in the end: not even a page of a list takes longer.
TURN_SECONDS, PATIENCE_SECONDS = 1.0, 5.0

_Score = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
Where = Literal["description", "message", "note"]


class SearchBusy(DomainError):
    code = "search_busy"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "Many people are searching right now. Please try again in a moment."


class SearchTooSlow(DomainError):
    code = "search_too_slow"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "This search took too long. Please try again, with a rarer word or with more filters."


class Desk:
    """Where people of one process ask for words, so many at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def page(
        self, actor: Actor, filters: Filters, text: str, *, sort: lists.Sort | None, limit: int, cursor: str | None
    ) -> TicketPage:
        """What has all words of the text, the best first, or in the order of `sort`.

        What was committed before is found. Raises InvalidInput for a cursor of another list, SearchBusy and
        SearchTooSlow.
        """
        question = Question.of(text)
        last = _last(sort, cursor)
        async with self._turn():
            await indexing.catch_up(self._database)
            async with self._database.read() as session:
                found = await find(self._database, session, actor, lists.narrowed(filters, sort), question)
                hits = [hit for hit in _ordered(found.hits, sort) if last is None or _is_behind(hit, last, sort)]
                shown = hits[:limit]
                rows = await rows_by_id(session, actor, [hit.id for hit in shown])
                passages = await _passages(session, shown)
        more = _cursor(shown[-1], sort) if len(hits) > limit else None
        items = [_marked(rows[hit.id], passages.get(hit.id), question) for hit in shown if hit.id in rows]
        return TicketPage(items, more, found.is_partial or msgspec.UNSET)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise SearchBusy(retry_after=1) from None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                yield
        except TimeoutError:
            raise SearchTooSlow(retry_after=1) from None
        finally:
            self._turns.release()


def _key(hit: Hit, sort: lists.Sort | None) -> tuple[Any, int]:
    if sort is None:
        return hit.score, hit.id
    return getattr(hit, lists.Order(sort).key), hit.id


def _descends(sort: lists.Sort | None) -> bool:
    return sort is None or sort.startswith("-")


def _ordered(hits: Sequence[Hit], sort: lists.Sort | None) -> list[Hit]:
    return sorted(hits, key=lambda hit: _key(hit, sort), reverse=_descends(sort))


def _is_behind(hit: Hit, last: tuple[Any, int], sort: lists.Sort | None) -> bool:
    return _key(hit, sort) < last if _descends(sort) else _key(hit, sort) > last


def _last(sort: lists.Sort | None, cursor: str | None) -> tuple[Any, int] | None:
    if not cursor:
        return None
    kind = _Score if sort is None else lists.Order.kind(sort)
    key, number = decode_cursor(cursor, f"search{sort or ''}", [kind, _Number])
    return key, number


def _cursor(hit: Hit, sort: lists.Sort | None) -> str:
    return encode_cursor(f"search{sort or ''}", list(_key(hit, sort)))


async def _passages(session: AsyncSession, hits: Sequence[Hit]) -> dict[int, tuple[Where, str]]:
    """By ticket, what the piece that was found is, and its text."""
    pieces = select(SearchPiece.ticket_id, SearchPiece.kind, SearchPiece.message_id)
    found = (await session.execute(pieces.where(SearchPiece.id.in_([hit.piece for hit in hits if hit.piece])))).all()
    said = select(MESSAGES.c.id, MESSAGES.c.content).where(MESSAGES.c.id.in_([each.message_id for each in found]))
    told = select(Ticket.id, Ticket.description).where(
        Ticket.id.in_([each.ticket_id for each in found if each.kind == DESCRIPTION])
    )
    messages = {row.id: row.content for row in await session.execute(said)}
    descriptions = {row.id: row.description for row in await session.execute(told)}
    passages: dict[int, tuple[Where, str]] = {}
    for each in found:
        if each.kind == DESCRIPTION:
            passages[each.ticket_id] = "description", descriptions.get(each.ticket_id, "")
        else:
            passages[each.ticket_id] = "note" if each.kind == NOTE else "message", messages.get(each.message_id, "")
    return passages


def _marked(row: TicketRow, passage: tuple[Where, str] | None, question: Question) -> TicketRow:
    marks = excerpt(row.subject, question, whole=True).marks
    if passage is None:
        return msgspec.structs.replace(row, found=FoundIn(marks))
    where, text = passage
    shown = excerpt(text, question)
    return msgspec.structs.replace(row, found=FoundIn(marks, shown.text, shown.marks, where))
