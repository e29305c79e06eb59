"""The rows of lists: what is read of a ticket for one, and what is shown of that to whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor
from csts.customers.models import User
from csts.realtime.people import Person
from csts.tickets.models import Mention, ReadMark, Ticket
from csts.tickets.queries import Anybody, tag_names, written_to
from csts.tickets.references import TicketRef
from csts.tickets.schemas import Mentioned, TicketRow, Who
from csts.tickets.status import Priority, Status

# Whoever looks at a list: by a request, or at the end of a line.
Reader = Actor | Person


class Line(msgspec.Struct, frozen=True, array_like=True):
    """What `select_lines` reads, in its order; `seen` is how much of the other side its reader has.

    Behind it stands for agents where they were mentioned last, and by whom.
    """

    id: int
    ticket_no: str
    subject: str
    issue_type: str
    status: Status
    priority: Priority
    priority_rank: int
    created_at: datetime
    updated_at: datetime
    public_updated_at: datetime
    user_id: int
    customer_name: str
    agent_id: int | None
    agent_name: str | None
    customer_messages: int
    staff_messages: int
    last_message_preview: str
    awaiting_since: datetime | None
    tags: str
    snoozed_until: datetime | None
    merged_into_id: int | None
    seen: int | None = None
    author_id: int | None = None
    author_name: str | None = None
    mentioned_at: datetime | None = None
    mention_seen: bool | None = None


def select_lines(source: Select[*tuple[Any, ...]], reader: Reader | Anybody) -> Select[*tuple[Any, ...]]:
    """The tickets of the source as `Line`s."""
    is_my_mark = and_(
        ReadMark.ticket_id == Ticket.id, ReadMark.reader_kind == reader.kind, ReadMark.reader_id == reader.id
    )
    lines = _select_rows(source).outerjoin(ReadMark, is_my_mark).add_columns(ReadMark.seen)
    if reader.kind != "agent":
        return lines
    is_my_mention = and_(Mention.ticket_id == Ticket.id, Mention.agent_id == reader.id)
    return lines.outerjoin(Mention, is_my_mention).add_columns(
        Mention.author_id, Mention.author_name, Mention.mentioned_at, Mention.seen.label("mention_seen")
    )


async def rows_by_id(session: AsyncSession, reader: Reader, numbers: Collection[int]) -> dict[int, TicketRow]:
    """The rows of tickets that this person may see, as the caller has found out."""
    found = await session.execute(select_lines(select().select_from(Ticket), reader).where(Ticket.id.in_(numbers)))
    return {line.id: shape(line, reader) for line in _lines(found)}


async def lines_by_id(session: AsyncSession, ticket_ids: Collection[int]) -> dict[int, Line]:
    """What is shown of each ticket, as far as it is the same for all its readers: see `row_for` and `seen_by`."""
    wanted = _select_rows(select().select_from(Ticket)).where(Ticket.id.in_(ticket_ids))
    return {line.id: line for line in _lines(await session.execute(wanted))}


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
            Ticket.public_updated_at,
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


def _lines(rows: Iterable[Any]) -> list[Line]:
    return msgspec.convert(list(map(tuple, rows)), list[Line])


def shape(found: Line, reader: Reader) -> TicketRow:
    """A line as this person sees it."""
    row = row_for(reader.kind, found, unread=max(0, written_to(reader.kind, found) - (found.seen or 0)))
    if reader.kind != "agent":
        return row
    if found.author_id is None or found.author_name is None or found.mentioned_at is None:
        return row
    by = Who(found.author_id, found.author_name)
    return msgspec.structs.replace(row, mentioned=Mentioned(by, found.mentioned_at, bool(found.mention_seen)))


def row_for(kind: str, found: Line, *, unread: int = 0) -> TicketRow:
    """A line as all readers of this kind see it; each has an unread count of his own."""
    is_agent = kind == "agent"
    return TicketRow(
        id=found.id,
        ticket_no=found.ticket_no,
        subject=found.subject,
        issue_type=found.issue_type,
        status=found.status,
        priority=found.priority,
        created_at=found.created_at,
        updated_at=found.updated_at if is_agent else found.public_updated_at,
        customer=Who(found.user_id, found.customer_name),
        agent=Who(found.agent_id, found.agent_name) if found.agent_id and found.agent_name else None,
        unread=unread,
        last_message_preview=found.last_message_preview,
        awaiting_reply=found.awaiting_since is not None,
        awaiting_since=found.awaiting_since,
        tags=(tag_names(found) if is_agent else None) or msgspec.UNSET,
        snoozed_until=(found.snoozed_until if is_agent else None) or msgspec.UNSET,
        merged_into=TicketRef.to(found.merged_into_id) if found.merged_into_id else msgspec.UNSET,
    )
