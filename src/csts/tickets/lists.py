"""The list of tickets: filters, sorts, search, keyset pages and queue counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor
from csts.customers.models import User
from csts.kit.columns import MAX_ID
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.tickets.models import MESSAGES, ReadMark, Ticket
from csts.tickets.queries import visible_to, written_to
from csts.tickets.schemas import Counts, TicketRow, Who
from csts.tickets.status import ACTIVE, Priority, Status

Sort = Literal["-created_at", "created_at", "-priority", "priority", "-updated_at"]
Assignee = Literal["me", "none"] | int

# An exact count of a million helps nobody, and costs a scan of it.
COUNT_CAP = 10_001
# Each word searches all messages; further ones narrow down what is narrow already.
SEARCH_WORDS = 8

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
_SORT_COLUMNS: dict[str, tuple[Any, Any]] = {
    "created_at": (Ticket.created_at, _Moment),
    "updated_at": (Ticket.updated_at, _Moment),
    "priority": (Ticket.priority_rank, _Number),
}


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; nothing is narrowed by default."""

    status: Sequence[Status] = ()
    priority: Sequence[Priority] = ()
    issue_type: Sequence[str] = ()
    assignee: Assignee | None = None
    customer: int | None = None
    awaiting_reply: bool = False
    words: Sequence[str] = ()

    def conditions(self, actor: Actor) -> list[ColumnExpressionArgument[bool]]:
        found: list[ColumnExpressionArgument[bool]] = []
        if self.status:
            found.append(Ticket.status.in_(self.status))
        if self.priority:
            found.append(Ticket.priority.in_(self.priority))
        if self.issue_type:
            found.append(Ticket.issue_type.in_(self.issue_type))
        if self.assignee is not None:
            found.append(_assigned_to(actor, self.assignee))
        if self.customer is not None:
            found.append(Ticket.user_id == self.customer)
        if self.awaiting_reply:
            found.append(_AWAITING)
        return found + [_mentions(word, actor) for word in self.words[:SEARCH_WORDS]]


async def page(
    session: AsyncSession, actor: Actor, filters: Filters, *, sort: Sort, limit: int, cursor: str | None
) -> Page[TicketRow]:
    """Rows that this person may see, in the order of `sort`; ties by id in the same direction.

    Raises InvalidInput for a cursor of another list.
    """
    key, kind = _SORT_COLUMNS[sort.lstrip("-")]
    descends = sort.startswith("-")
    query = _rows_for(actor).where(*filters.conditions(actor))
    if cursor:
        query = query.where(_behind(key, decode_cursor(cursor, f"tickets{sort}", [kind, _Number]), descends=descends))
    order = (key.desc(), Ticket.id.desc()) if descends else (key.asc(), Ticket.id.asc())
    # One more than is shown: it tells whether there is a next page, where a count would read all of them.
    found = (await session.execute(query.order_by(*order).limit(limit + 1))).all()
    shown = found[:limit]
    more = None
    if len(found) > limit:
        more = encode_cursor(f"tickets{sort}", [getattr(shown[-1], key.key), shown[-1].id])
    return Page([_row(each, actor) for each in shown], more)


async def counts(session: AsyncSession, actor: Actor) -> Counts:
    """How full each queue of this agent's desk is, each counted to the cap."""
    active = Ticket.status.in_(ACTIVE)
    queues = {
        "awaiting_reply": _AWAITING,
        "mine": and_(active, Ticket.agent_id == actor.id),
        "unassigned": and_(active, Ticket.agent_id.is_(None)),
        "open": active,
        "solved": Ticket.status == Status.RESOLVED,
    }
    # One statement, so that all numbers tell of one moment: in READ COMMITTED every further one sees a later world.
    columns = [_capped(condition).label(name) for name, condition in queues.items()]
    found = (await session.execute(select(*columns))).mappings().one()
    return Counts(**found)


async def rows(session: AsyncSession, ticket_ids: Collection[int]) -> list[tuple[TicketRow, dict[str, int]]]:
    """The row of each ticket with an unread count of 0, and how much was written to each kind of its readers.

    Each reader has a count of his own: see `seen_by`.
    """
    found = await session.execute(_select_rows().where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id))
    return [(_shape(each, 0), {"agent": each.customer_messages, "customer": each.staff_messages}) for each in found]


async def seen_by(session: AsyncSession, ticket_ids: Collection[int]) -> defaultdict[tuple[int, str], dict[int, int]]:
    """How many messages of the other side each reader has seen: by ticket and kind, and then by the reader's id."""
    marks = await session.execute(
        select(ReadMark.ticket_id, ReadMark.reader_kind, ReadMark.reader_id, ReadMark.seen).where(
            ReadMark.ticket_id.in_(ticket_ids)
        )
    )
    seen: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for mark in marks:
        seen[mark.ticket_id, mark.reader_kind][mark.reader_id] = mark.seen
    return seen


_AWAITING: ColumnElement[bool] = Ticket.awaiting_since.is_not(None)


def _capped(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many tickets meet the condition, counted no further than the cap."""
    met = select(Ticket.id).where(condition).limit(COUNT_CAP).subquery()
    return select(func.count()).select_from(met).scalar_subquery()


def _assigned_to(actor: Actor, assignee: Assignee) -> ColumnExpressionArgument[bool]:
    if assignee == "none":
        return Ticket.agent_id.is_(None)
    if assignee == "me":
        return Ticket.agent_id == actor.id if actor.kind == "agent" else false()
    return Ticket.agent_id == assignee


def _mentions(word: str, actor: Actor) -> ColumnElement[bool]:
    """The word stands in the number, the subject, the description or a message that this person may read."""
    readable = MESSAGES.c.ticket_id == Ticket.id
    if actor.kind == "customer":
        readable = and_(readable, MESSAGES.c.internal.is_(false()))
    # LIKE, because the full-text searches of the two databases agree neither on words nor on syntax. A percent sign
    # that somebody types is one that he looks for.
    contains = {"autoescape": True}
    return or_(
        Ticket.ticket_no.icontains(word, **contains),
        Ticket.subject.icontains(word, **contains),
        Ticket.description.icontains(word, **contains),
        exists().where(readable, MESSAGES.c.content.icontains(word, **contains)),
    )


def _behind(key: Any, last: list[Any], *, descends: bool) -> ColumnElement[bool]:
    """Rows after the last one that was seen."""
    # Written out, because MySQL reads a row value such as `(a, b) < (?, ?)` without its index.
    value, last_id = last
    if descends:
        return or_(key < value, and_(key == value, Ticket.id < last_id))
    return or_(key > value, and_(key == value, Ticket.id > last_id))


def _select_rows() -> Select[*tuple[Any, ...]]:
    # Columns, not tickets: a list that shows no description should not read ten thousand characters for each row.
    return (
        select(
            Ticket.id,
            Ticket.ticket_no,
            Ticket.subject,
            Ticket.issue_type,
            Ticket.status,
            Ticket.priority,
            Ticket.priority_rank,
            Ticket.created_at,
            Ticket.updated_at,
            Ticket.user_id,
            User.name.label("customer_name"),
            Ticket.agent_id,
            Agent.name.label("agent_name"),
            Ticket.customer_messages,
            Ticket.staff_messages,
            Ticket.last_message_preview,
            Ticket.awaiting_since,
        )
        .join(User, User.id == Ticket.user_id)
        .outerjoin(Agent, Agent.id == Ticket.agent_id)
    )


def _rows_for(actor: Actor) -> Select[*tuple[Any, ...]]:
    is_my_mark = and_(
        ReadMark.ticket_id == Ticket.id, ReadMark.reader_kind == actor.kind, ReadMark.reader_id == actor.id
    )
    # Its condition alone, since a row has other columns; none means that everything may be seen.
    mine = visible_to(actor).whereclause
    rows = _select_rows().add_columns(ReadMark.seen).outerjoin(ReadMark, is_my_mark)
    return rows if mine is None else rows.where(mine)


def _row(found: Any, actor: Actor) -> TicketRow:
    return _shape(found, max(0, written_to(actor.kind, found) - (found.seen or 0)))


def _shape(found: Any, unread: int) -> TicketRow:
    return TicketRow(
        id=found.id,
        ticket_no=found.ticket_no,
        subject=found.subject,
        issue_type=found.issue_type,
        status=Status(found.status),
        priority=Priority(found.priority),
        created_at=found.created_at,
        updated_at=found.updated_at,
        customer=Who(found.user_id, found.customer_name),
        agent=None if found.agent_id is None else Who(found.agent_id, found.agent_name),
        unread=unread,
        last_message_preview=found.last_message_preview,
        awaiting_reply=found.awaiting_since is not None,
    )
