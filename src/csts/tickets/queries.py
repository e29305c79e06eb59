"""Reads of tickets. Each begins with `visible_to`: what a person may not see does not exist for him."""

from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from csts.agents.models import Agent
from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.auth.actor import Actor, ActorKind
from csts.customers.models import User
from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound
from csts.realtime.people import Person
from csts.tickets.models import MESSAGES, ReadMark, Ticket, TicketEvent
from csts.tickets.references import TicketRef
from csts.tickets.schemas import Customer, EventOut, TicketOut, Who
from csts.tickets.status import Priority, Status, TicketMerged, allowed_moves

T = TypeVar("T", Ticket, Attachment)


class Anybody(NamedTuple):
    """Whoever is of this kind; who it is comes with the parameters of the statement."""

    kind: ActorKind
    id: BindParameter[int]


def visible_to(actor: Actor | Anybody) -> Select[Ticket]:
    """The tickets that this person may see: a customer his own, an agent all."""
    mine = Ticket.user_id == actor.id if actor.kind == "customer" else true()
    return select(Ticket).where(mine)


def is_visible_to(reader: Person, user_id: int) -> bool:
    """The same for a ticket at hand, of this customer; lines of the system are for every ticket."""
    return reader.kind != "customer" or reader.id == user_id


async def get(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """Raises NotFound when there is none, or it is not his."""
    return await _one(session, visible_to(actor), Ticket.id, ticket_id)


async def lock(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, its row locked to the end of the transaction. Raises NotFound as `get` does."""
    # What this session read before it had the lock may be old by now, and the identity map would keep it.
    visible = visible_to(actor).with_for_update().execution_options(populate_existing=True)
    return await _one(session, visible, Ticket.id, ticket_id)


async def lock_to_change(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """The same for whoever wants to change it. Raises TicketMerged, too: what was merged stays as it is."""
    ticket = await lock(session, actor, ticket_id)
    if ticket.merged_into_id is not None:
        raise TicketMerged.of(ticket.id, ticket.merged_into_id)
    return ticket


async def whole(session: AsyncSession, ticket_id: int) -> tuple[TicketOut, TicketOut]:
    """The ticket as agents see it, and as its customer sees it; without anybody's unread count. Raises NotFound."""
    found = await _read(session, "agent", 0, ticket_id)
    return _shown(found, "agent"), _shown(found, "customer")


async def detail(session: AsyncSession, actor: Actor, ticket_id: int) -> TicketOut:
    """The whole ticket as this person sees it, with his own unread count. Raises NotFound."""
    found = await _read(session, actor.kind, actor.id, ticket_id)
    unread = max(0, written_to(actor.kind, found.row) - (found.row.seen or 0))
    return _shown(found, actor.kind, unread=unread)


def written_to(kind: str, ticket: Any) -> int:
    """How many messages the other side has written to this one; of a ticket, or of a row of a list."""
    written: int = ticket.customer_messages if kind == "agent" else ticket.staff_messages
    return written


def tag_names(ticket: Any) -> list[str]:
    """Of a ticket, or of a row of a list."""
    return ticket.tags.split("\n") if ticket.tags else []


async def history(session: AsyncSession, actor: Actor, ticket_id: int) -> list[EventOut]:
    """What has happened to the ticket, oldest first; to its customer the public part. Raises NotFound."""
    await get(session, actor, ticket_id)
    shown = TicketEvent.public if actor.kind == "customer" else true()
    rows = await session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket_id, shown).order_by(TicketEvent.id)
    )
    return [
        EventOut(
            id=row.id,
            kind=row.kind,
            actor=Person(row.actor_kind, row.actor_id, row.actor_name),  # type: ignore[arg-type]  # a stored Kind
            public=row.public,
            data=row.data,
            created_at=row.created_at,
        )
        for row in rows
    ]


async def attachment(session: AsyncSession, actor: Actor, attachment_id: int) -> Attachment:
    """A file of a ticket that this person may see. A file inside an internal note is for agents only.

    Raises NotFound.
    """
    mine = visible_to(actor).with_only_columns(Ticket.id)
    visible = select(Attachment).where(Attachment.ticket_id.in_(mine), _shown_to(actor))
    return await _one(session, visible, Attachment.id, attachment_id)


def _shown_to(actor: Actor) -> ColumnElement[bool]:
    """Agents see every file of a ticket; its customer what was sent to him, and what he uploaded himself."""
    if actor.kind == "agent":
        return true()
    was_sent = exists().where(MESSAGES.c.id == Attachment.message_id, MESSAGES.c.internal.is_(false()))
    return or_(Attachment.screenshot, Attachment.uploader_kind == "customer", was_sent)


async def _one(session: AsyncSession, visible: Select[T], key: InstrumentedAttribute[int], number: int) -> T:
    # A number that no column can hold is an error to SQLite, and to a reader one more thing that is not there.
    row = await session.scalar(visible.where(key == number)) if 0 < number <= MAX_ID else None
    if row is None:
        raise NotFound
    return row


class _Found(NamedTuple):
    """A ticket with its people's names and what its reader has seen, its pictures, and what it took in."""

    row: Any
    pictures: list[AttachmentOut]
    merged_from: list[TicketRef]


async def _read(session: AsyncSession, kind: ActorKind, reader: int, ticket_id: int) -> _Found:
    asked = {"reader": reader, "ticket": ticket_id}
    row = (await session.execute(_WHOLE[kind], asked)).one_or_none() if 0 < ticket_id <= MAX_ID else None
    if row is None:
        raise NotFound
    pictures = await session.execute(_PICTURES, {"ticket": ticket_id})
    # Few have taken one in, and the others are not asked twice.
    merged = await session.scalars(_MERGED, {"ticket": ticket_id}) if row.took_in else ()
    return _Found(row, [AttachmentOut.of(picture) for picture in pictures], [TicketRef.to(number) for number in merged])


def _select_whole(reader: Anybody) -> Select[*tuple[Any, ...]]:
    is_his = and_(ReadMark.ticket_id == Ticket.id, ReadMark.reader_kind == reader.kind, ReadMark.reader_id == reader.id)
    return (
        visible_to(reader)
        .where(Ticket.id == bindparam("ticket"))
        .join(User, User.id == Ticket.user_id)
        .outerjoin(Agent, Agent.id == Ticket.agent_id)
        .outerjoin(ReadMark, is_his)
        .with_only_columns(
            *Ticket.__table__.c,
            User.name.label("customer_name"),
            User.email,
            Agent.name.label("agent_name"),
            ReadMark.seen,
            exists().where(_MERGED_IN.merged_into_id == Ticket.id).label("took_in"),
            maintain_column_froms=True,
        )
    )


_MERGED_IN = aliased(Ticket)
# Built once: to put a statement together takes longer than to carry it out, and each socket that opens asks these.
_KINDS: tuple[ActorKind, ...] = ("agent", "customer")
_WHOLE = {kind: _select_whole(Anybody(kind, bindparam("reader", type_=Integer))) for kind in _KINDS}
_PICTURES = (
    select(*Attachment.__table__.c)
    .where(Attachment.ticket_id == bindparam("ticket"), Attachment.screenshot)
    .order_by(Attachment.id)
)
_MERGED = select(Ticket.id).where(Ticket.merged_into_id == bindparam("ticket")).order_by(Ticket.id)


def _shown(found: _Found, kind: ActorKind, *, unread: int | msgspec.UnsetType = msgspec.UNSET) -> TicketOut:
    """As readers of this kind see it; customers are told no address and no notes."""
    row, is_agent, is_merged = found.row, kind == "agent", found.row.merged_into_id is not None
    return TicketOut(
        id=row.id,
        ticket_no=row.ticket_no,
        subject=row.subject,
        description=row.description,
        issue_type=row.issue_type,
        status=Status(row.status),
        priority=Priority(row.priority),
        callback_number=row.callback_number,
        created_at=row.created_at,
        updated_at=row.updated_at if is_agent else row.public_updated_at,
        customer=Customer(row.user_id, row.customer_name, row.email if is_agent else msgspec.UNSET),
        agent=None if row.agent_id is None else Who(row.agent_id, row.agent_name),
        attachments=found.pictures,
        allowed_statuses=[] if is_merged else list(allowed_moves(kind, Status(row.status))),
        last_seq=row.last_seq if is_agent else row.last_public_seq,
        last_message_preview=row.last_message_preview,
        merged_into=TicketRef.to(row.merged_into_id) if is_merged else None,
        merged_from=found.merged_from,
        unread=unread,
        tags=tag_names(row) if is_agent else msgspec.UNSET,
        snoozed_until=row.snoozed_until if is_agent else msgspec.UNSET,
    )
