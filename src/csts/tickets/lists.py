"""The list of tickets: keyset pages in every order, and the rows that lists are told of."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from csts.agents.models import Agent
from csts.auth.actor import Actor
from csts.customers.models import User
from csts.kit.columns import MAX_ID
from csts.kit.indexes import by_index
from csts.kit.paging import decode_cursor, encode_cursor
from csts.realtime.people import Person
from csts.tickets.filters import NUMBERS, Filters, corners, is_ordered_for_agents, mentions_corner, smallest
from csts.tickets.models import Mention, ReadMark, Ticket
from csts.tickets.queries import tag_names, written_to
from csts.tickets.references import TicketRef
from csts.tickets.schemas import Mentioned, TicketPage, TicketRow, Who
from csts.tickets.status import Priority, Status

Sort = Literal["-created_at", "created_at", "-priority", "priority", "-updated_at", "awaiting_since", "-mentioned_at"]

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]
_KEYS: dict[str, tuple[InstrumentedAttribute[Any], Any]] = {
    "created_at": (Ticket.created_at, _Moment),
    "updated_at": (Ticket.updated_at, _Moment),
    "priority": (Ticket.priority_rank, _Number),
    "awaiting_since": (Ticket.awaiting_since, _Moment),
    "mentioned_at": (Mention.mentioned_at, _Moment),
}


# Whoever looks at a list: by a request, or at the end of a line.
Reader = Actor | Person


def narrowed(filters: Filters, sort: Sort | None) -> Filters:
    """The order of waiting is one of those who wait, and that of mentions one of tickets that have one."""
    if sort == "-mentioned_at":
        return replace(filters, mentioned=True)
    return replace(filters, awaiting_reply=True) if sort == "awaiting_since" else filters


@dataclass(frozen=True)
class Order:
    """The order of a list by its `key`, ties by id in the same direction, and where in it a page begins."""

    sort: Sort
    last: list[Any] | None = None

    @classmethod
    def of(cls, sort: Sort, cursor: str | None) -> "Order":
        """Raises InvalidInput for a cursor of another list."""
        return cls(sort, decode_cursor(cursor, f"tickets{sort}", [cls.kind(sort), _Number]) if cursor else None)

    @staticmethod
    def kind(sort: Sort) -> Any:
        """The type of its key in a cursor."""
        return _KEYS[sort.lstrip("-")][1]

    @property
    def key(self) -> InstrumentedAttribute[Any]:
        return _KEYS[self.sort.lstrip("-")][0]

    @property
    def number(self) -> InstrumentedAttribute[Any]:
        """The ticket's id, in the table whose index has the order."""
        return NUMBERS[self.key.class_]

    def by(self, key: ColumnElement[Any], number: ColumnElement[int]) -> tuple[ColumnElement[Any], ...]:
        return (key.desc(), number.desc()) if self.sort.startswith("-") else (key.asc(), number.asc())

    def behind(self) -> list[ColumnElement[bool]]:
        """What comes after the last row that was seen, in parts that an index answers one by one.

        As one condition it is none that SQLite can begin at, and as a row value none for MySQL: where thousands have
        the same priority, both would read all of those again for each page.
        """
        if self.last is None:
            return [true()]
        value, number = self.last
        if self.sort.startswith("-"):
            return [and_(self.key == value, self.number < number), self.key < value]
        return [and_(self.key == value, self.number > number), self.key > value]

    def cursor_behind(self, row: Any) -> str:
        return encode_cursor(f"tickets{self.sort}", [row.key, row.id])


async def page(
    session: AsyncSession, actor: Actor, filters: Filters, *, sort: Sort, limit: int, cursor: str | None
) -> TicketPage:
    """Rows that this person may see, in the order of `sort`; ties by id in the same direction.

    Raises InvalidInput for a cursor of another list.
    """
    order = Order.of(sort, cursor)
    filters = narrowed(filters, sort)
    # One more than is shown: it tells whether there is a next page, where a count would read all of them.
    found = await near(session, actor, filters, order, limit + 1)
    rows = (await session.execute(rows_of(actor, found, order))).all()
    shown = rows[:limit]
    more = order.cursor_behind(shown[-1]) if len(rows) > limit else None
    return TicketPage([shape(each, actor) for each in shown], more)


async def near(
    session: AsyncSession, actor: Actor, filters: Filters, order: Order, limit: int
) -> Select[*tuple[Any, ...]]:
    """The `id` and `key` of the next tickets of a list, found in its indexes alone."""
    if order.sort == "-mentioned_at":
        return _mentioned(actor, filters, order, limit)
    corner = await smallest(session, corners(actor, filters, order.key.key))
    asked = corner.rest(filters) if corner else filters
    wanted = select(Ticket.id, order.key.label("key")).where(*asked.conditions(actor))
    wanted = wanted.order_by(*order.by(order.key.expression, Ticket.id.expression)).limit(limit)
    if corner:
        return corner.narrow(wanted.where(Ticket.status.in_(filters.statuses), or_(*order.behind())))
    if order.sort == "awaiting_since":
        # The whole index is of those who wait, whatever their status.
        waiting = by_index(wanted, Ticket, "ix_tickets_awaiting_since").where(Ticket.status.in_(filters.statuses))
        return _merged([select(waiting.where(part).subquery()) for part in order.behind()], order, limit)
    by_agent = "agent_id_" if is_ordered_for_agents(filters, order.key.key) else ""
    wanted = by_index(wanted, Ticket, f"ix_tickets_{by_agent}status_{order.key.key}")
    # Each status in its own order, to the length of a page: over several of them no index has one.
    branches = [
        select(wanted.where(Ticket.status == status, part).subquery())
        for status in filters.statuses
        for part in order.behind()
    ]
    return _merged(branches, order, limit)


def _mentioned(actor: Actor, filters: Filters, order: Order, limit: int) -> Select[*tuple[Any, ...]]:
    """One's mentions in their order; a ticket that does not fit costs a look at it."""
    corner = mentions_corner(actor)
    wanted = select(Mention.ticket_id.label("id"), order.key.label("key"))
    wanted = wanted.where(*corner.rest(filters).conditions(actor), Ticket.status.in_(filters.statuses))
    wanted = corner.narrow(wanted.order_by(*order.by(order.key.expression, order.number.expression)).limit(limit))
    return _merged([select(wanted.where(part).subquery()) for part in order.behind()], order, limit)


def _merged(branches: Sequence[Select[*tuple[Any, ...]]], order: Order, limit: int) -> Select[*tuple[Any, ...]]:
    together = union_all(*branches).subquery("together")
    return select(together).order_by(*order.by(together.c.key, together.c.id)).limit(limit)


def rows_of(reader: Reader, found: Select[*tuple[Any, ...]], order: Order) -> Select[*tuple[Any, ...]]:
    """The rows of the tickets that were found, as this person sees them."""
    place = found.subquery("place")
    is_my_mark = and_(
        ReadMark.ticket_id == Ticket.id, ReadMark.reader_kind == reader.kind, ReadMark.reader_id == reader.id
    )
    # In this order of tables: the few that were found, and one look at each of the others for each of them.
    rows = (
        _select_rows(select().select_from(place).join(Ticket, Ticket.id == place.c.id))
        .outerjoin(ReadMark, is_my_mark)
        .add_columns(place.c.key, ReadMark.seen)
        .prefix_with("STRAIGHT_JOIN", dialect="mysql")
        .order_by(*order.by(place.c.key, place.c.id))
    )
    if reader.kind != "agent":
        return rows
    is_my_mention = and_(Mention.ticket_id == Ticket.id, Mention.agent_id == reader.id)
    return rows.outerjoin(Mention, is_my_mention).add_columns(
        Mention.author_id, Mention.author_name, Mention.mentioned_at, Mention.seen.label("mention_seen")
    )


async def rows_by_id(session: AsyncSession, reader: Reader, numbers: Collection[int]) -> dict[int, TicketRow]:
    """The rows of tickets that this person may see, as the caller has found out."""
    found = select(Ticket.id, Ticket.id.label("key")).where(Ticket.id.in_(numbers))
    rows = await session.execute(rows_of(reader, found, Order("-created_at")))
    return {row.id: shape(row, reader) for row in rows}


async def rows(session: AsyncSession, ticket_ids: Collection[int]) -> list[tuple[TicketRow, dict[str, int]]]:
    """The row of each ticket with an unread count of 0, and how much was written to each kind of its readers.

    Each reader has a count of his own: see `seen_by`.
    """
    wanted = _select_rows(select().select_from(Ticket)).where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id)
    found = await session.execute(wanted)
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


def _select_rows(source: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    # Columns, not tickets: a list that shows no description should not read ten thousand characters for each row.
    return (
        source.join(User, User.id == Ticket.user_id)
        .outerjoin(Agent, Agent.id == Ticket.agent_id)
        .add_columns(
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
            Ticket.tags,
            Ticket.snoozed_until,
            Ticket.merged_into_id,
        )
    )


def shape(found: Any, reader: Reader) -> TicketRow:
    row = _shape(found, max(0, written_to(reader.kind, found) - (found.seen or 0)))
    if reader.kind != "agent":
        return public(row)
    if found.mentioned_at is None:
        return row
    by = Who(found.author_id, found.author_name)
    return msgspec.structs.replace(row, mentioned=Mentioned(by, found.mentioned_at, found.mention_seen))


def public(row: TicketRow) -> TicketRow:
    """As its customer sees it."""
    if row.tags is row.snoozed_until is msgspec.UNSET:
        return row
    return msgspec.structs.replace(row, tags=msgspec.UNSET, snoozed_until=msgspec.UNSET)


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
        awaiting_since=found.awaiting_since,
        tags=tag_names(found) or msgspec.UNSET,
        snoozed_until=found.snoozed_until or msgspec.UNSET,
        merged_into=TicketRef.to(found.merged_into_id) if found.merged_into_id else msgspec.UNSET,
    )
