"""What changes a thread. `post_message` is the one door through which every message is written."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.attachments.models import Attachment
from csts.attachments.schemas import AttachmentOut
from csts.auth.actor import Actor
from csts.chat import queries
from csts.chat.events import UnreadMoved, lists_channel, message_frame, posted, read_moved
from csts.chat.models import Message
from csts.chat.schemas import MessageDraft, MessageFrame
from csts.kit.db import announce, happened
from csts.kit.errors import DomainError, InvalidInput
from csts.realtime.people import Person
from csts.tickets import actions as ticket_actions
from csts.tickets.events import TicketMoved, TicketStoryGrew, room_channel
from csts.tickets.models import ReadMark, Ticket
from csts.tickets.queries import lock, written_to
from csts.tickets.status import Status, status_after_customer_wrote

PREVIEW_CHARS = 140


class TicketClosed(DomainError):
    """Says how to reopen, in `reopen`: the request that does it."""

    code = "ticket_closed"
    status = HTTPStatus.CONFLICT
    detail = "This ticket is closed. Open it again to go on talking; your message has been kept."


class UnknownAttachment(DomainError):
    code = "unknown_attachment"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "One of the files is not there any more, or was sent before. Please attach it again."


class NotesAreForAgents(DomainError):
    code = "notes_are_for_agents"
    status = HTTPStatus.FORBIDDEN
    detail = "Only agents can write internal notes."


@dataclass(frozen=True)
class Posted:
    """The message as its sender sees it; `is_new` is false when its `client_id` was known."""

    frame: MessageFrame
    is_new: bool


async def reply(session: AsyncSession, actor: Actor, ticket_id: int, draft: MessageDraft) -> Posted:
    """Write into a ticket's thread; a `client_id` that this sender has used gives back the stored message.

    Locks the ticket. Raises NotFound, InvalidInput, TicketClosed, UnknownAttachment, NotesAreForAgents.
    """
    ticket = await lock(session, actor, ticket_id)
    # Before any check: what was accepted once is confirmed again, also where the ticket has been closed since.
    if stored := await queries.known(session, ticket.id, actor.person, draft.client_id):
        (frame,) = await queries.frames(session, [stored], actor.kind)
        return Posted(frame, is_new=False)
    _check(actor, ticket, draft)
    files = await _files_named(session, actor.person, ticket, draft)
    message = await post_message(session, ticket, actor.person, draft, files)
    if actor.kind == "customer":
        _reopen(session, ticket, actor.person)
    # Made of what is at hand: to read the files back would be one statement more for every message.
    return Posted(message_frame(message, [AttachmentOut.of(file) for file in files], actor.kind), is_new=True)


async def post_message(
    session: AsyncSession, ticket: Ticket, sender: Person, draft: MessageDraft, files: list[Attachment]
) -> Message:
    """Write a message into the thread of a ticket whose row is locked, and announce it to the room."""
    ticket.last_seq += 1
    ticket.last_public_seq += not draft.internal
    message = Message(
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        seq=ticket.last_seq,
        public_seq=None if draft.internal else ticket.last_public_seq,
        sender=sender.kind,
        sender_id=sender.id,
        sender_name=sender.name,
        client_id=draft.client_id,
        content=draft.content,
        internal=draft.internal,
    )
    session.add(message)
    await session.flush()
    for file in files:
        file.message_id = message.id
    if sender.kind != "system" and not draft.internal:
        _count(session, ticket, message, files)
    announce(session, room_channel(ticket.id), posted(message, [AttachmentOut.of(file) for file in files]))
    return message


async def tell_story(session: AsyncSession, fact: TicketStoryGrew) -> None:
    """Say in the thread what has happened to the ticket. Its row is locked by the action that told of it."""
    ticket = await session.get_one(Ticket, fact.ticket_id)
    # Nobody repeats a line of the system, but the column wants a name for it from everybody.
    line = MessageDraft(client_id=str(uuid4()), content=fact.line)
    await post_message(session, ticket, Person("system", 0, "L1 Desk"), line, [])


async def mark_read(session: AsyncSession, actor: Actor, ticket_id: int, number: int) -> None:
    """Remember that this person has read up to `number`, in his own numbers; a mark never goes back.

    Locks the ticket. Raises NotFound.
    """
    ticket = await lock(session, actor, ticket_id)
    mark = await session.get(ReadMark, (ticket.id, actor.kind, actor.id))
    seq, public_seq = await queries.both_numbers(session, ticket.id, actor.kind, number)
    if seq <= (mark.seq if mark else 0):
        return
    was_public = mark.public_seq if mark else 0
    unread = await queries.written_after(session, ticket.id, actor.kind, seq)
    if mark is None:  # made after the last query, which would write it while it is half filled in
        mark = ReadMark(ticket_id=ticket.id, reader_kind=actor.kind, reader_id=actor.id)
        session.add(mark)
    mark.reader_name = actor.name
    mark.seq, mark.public_seq = seq, public_seq
    mark.seen = written_to(actor.kind, ticket) - unread
    announce(session, room_channel(ticket.id), read_moved(mark, actor.person, was_public=was_public))
    announce(session, lists_channel(actor.kind, actor.id), UnreadMoved(ticket.id, unread))


def _check(actor: Actor, ticket: Ticket, draft: MessageDraft) -> None:
    if draft.internal and actor.kind != "agent":
        raise NotesAreForAgents
    if not draft.content.strip() and not draft.attachment_ids:
        raise InvalidInput.of("content", "Please write something, or attach a file.")
    if "\0" in draft.content:
        raise InvalidInput.of("content", "There is a character in this text that cannot be shown.")
    if ticket.status == Status.CLOSED and not draft.internal:
        raise TicketClosed(reopen={"method": "PUT", "path": f"/tickets/{ticket.id}/status", "status": Status.OPEN})


async def _files_named(session: AsyncSession, sender: Person, ticket: Ticket, draft: MessageDraft) -> list[Attachment]:
    """The sender's own uploads to this ticket that no message has named yet, in the order of uploading."""
    if not draft.attachment_ids:
        return []
    rows = await session.scalars(
        select(Attachment)
        .where(
            Attachment.id.in_(draft.attachment_ids),
            Attachment.ticket_id == ticket.id,
            Attachment.uploader_kind == sender.kind,
            Attachment.uploader_id == sender.id,
            Attachment.message_id.is_(None),
            Attachment.screenshot.is_(False),
        )
        .order_by(Attachment.id)
    )
    found = list(rows)
    # One answer to all that may be wrong with a file: nobody learns what others have uploaded.
    if {row.id for row in found} != set(draft.attachment_ids):
        raise UnknownAttachment
    return found


def _count(session: AsyncSession, ticket: Ticket, message: Message, files: list[Attachment]) -> None:
    """Move what the lists show: preview, unread, who waits for whom."""
    if message.sender == "customer":
        ticket.customer_messages += 1
        ticket.awaiting_since = ticket.awaiting_since or message.timestamp
    else:
        ticket.staff_messages += 1
        ticket.awaiting_since = None
    text = " ".join(message.content.split()) or ", ".join(file.file_name for file in files)
    ticket.last_message_preview = text[:PREVIEW_CHARS]
    ticket.touch()
    happened(session, TicketMoved(ticket.id, wrote=True))


def _reopen(session: AsyncSession, ticket: Ticket, customer: Person) -> None:
    status = Status(ticket.status)
    goal = status_after_customer_wrote(status, is_claimed=ticket.agent_id is not None)
    if goal is not status:
        ticket_actions.move(session, ticket, customer, goal)
