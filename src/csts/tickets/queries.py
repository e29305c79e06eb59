"""Reads of tickets. Each begins with `visible_to`: what a person may not see does not exist for him."""

from typing import TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from csts.agents.models import Agent
from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.auth.actor import Actor
from csts.customers.models import User
from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound
from csts.realtime.people import Person
from csts.tickets.models import MESSAGES, ReadMark, Ticket, TicketEvent
from csts.tickets.schemas import Customer, EventOut, TicketOut, Who
from csts.tickets.status import Priority, Status, allowed_moves

T = TypeVar("T", Ticket, Attachment)


def visible_to(actor: Actor) -> Select[Ticket]:
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


async def screenshots(session: AsyncSession, ticket_id: int) -> list[AttachmentOut]:
    """The pictures that came with the ticket, in the order of the form."""
    rows = await session.scalars(
        select(Attachment).where(Attachment.ticket_id == ticket_id, Attachment.screenshot).order_by(Attachment.id)
    )
    return [AttachmentOut.of(row) for row in rows]


async def whole(session: AsyncSession, ticket: Ticket) -> tuple[TicketOut, TicketOut]:
    """The ticket as agents see it, and as its customer sees it; without anybody's unread count."""
    customer = (await session.execute(select(User.id, User.name, User.email).where(User.id == ticket.user_id))).one()
    agent = None
    if ticket.agent_id is not None:
        agent = Who(ticket.agent_id, await session.scalar(select(Agent.name).where(Agent.id == ticket.agent_id)) or "")
    for_staff = TicketOut(
        id=ticket.id,
        ticket_no=ticket.ticket_no,
        subject=ticket.subject,
        description=ticket.description,
        issue_type=ticket.issue_type,
        status=Status(ticket.status),
        priority=Priority(ticket.priority),
        callback_number=ticket.callback_number,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        customer=Customer(customer.id, customer.name, customer.email),
        agent=agent,
        attachments=await screenshots(session, ticket.id),
        allowed_statuses=list(allowed_moves("agent", Status(ticket.status))),
        last_seq=ticket.last_seq,
        last_message_preview=ticket.last_message_preview,
    )
    for_customer = msgspec.structs.replace(
        for_staff,
        customer=Customer(customer.id, customer.name),
        allowed_statuses=list(allowed_moves("customer", Status(ticket.status))),
        last_seq=ticket.last_public_seq,
    )
    return for_staff, for_customer


async def detail(session: AsyncSession, actor: Actor, ticket: Ticket) -> TicketOut:
    """The whole ticket as this person sees it, with his own unread count."""
    for_staff, for_customer = await whole(session, ticket)
    mark = await session.get(ReadMark, (ticket.id, actor.kind, actor.id))
    unread = written_to(actor.kind, ticket) - (mark.seen if mark else 0)
    return msgspec.structs.replace(for_staff if actor.kind == "agent" else for_customer, unread=max(0, unread))


def written_to(kind: str, ticket: Ticket) -> int:
    """How many messages the other side has written to this one."""
    return ticket.customer_messages if kind == "agent" else ticket.staff_messages


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
