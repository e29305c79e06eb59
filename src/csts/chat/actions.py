"""What changes a thread, inside of a transaction that does more than that: lines of the system, and read marks."""

from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.chat import queries
from csts.chat.events import read_moved
from csts.chat.posting import Posted, post
from csts.chat.sheet import SYSTEM, Letter, system_line
from csts.kit import clock
from csts.kit.carriers import carry_in
from csts.kit.db import announce
from csts.kit.errors import DomainError
from csts.tickets.events import BOARD, AgentMentioned, TicketRead, TicketStoryGrew, room_channel
from csts.tickets.mentions import see
from csts.tickets.models import ReadMark, Ticket
from csts.tickets.queries import lock, written_to


async def post_message(session: AsyncSession, letter: Letter) -> Posted:
    """Write one message with the rest of this transaction, in the same way as a batch, and announce it.

    Locks the ticket. Raises NotFound, InvalidInput, TicketMerged, TicketClosed, UnknownAttachment, NotesAreForAgents.
    """
    # What this session has changed of the ticket is read again below, and what is written there comes back to it.
    await session.flush()
    outcome = await carry_in(session, post(letter))
    if isinstance(outcome, DomainError):
        raise outcome
    for event in outcome.events:
        announce(session, room_channel(letter.ticket_id), event)
    if outcome.moved:
        announce(session, BOARD, outcome.moved)
    for mention in outcome.mentioned:
        announce(session, BOARD, mention)
    if ticket := await session.get(Ticket, letter.ticket_id):
        await session.refresh(ticket)
    return outcome


async def tell_story(session: AsyncSession, fact: TicketStoryGrew) -> None:
    """Say in the thread what has happened to the ticket. Its row is locked by the action that told of it."""
    await post_message(session, Letter(SYSTEM, fact.ticket_id, system_line(fact.line), clock.now()))


async def mark_read(session: AsyncSession, actor: Actor, ticket_id: int, number: int) -> None:
    """Remember that this person has read up to `number`, in his own numbers; a mark never goes back.

    Locks the ticket. Raises NotFound.
    """
    ticket = await lock(session, actor, ticket_id)
    mark = await session.get(ReadMark, (ticket.id, actor.kind, actor.id))
    seq, public_seq = await queries.both_numbers(session, ticket.id, actor.kind, number)
    seen = written_to(actor.kind, ticket) - await queries.written_after(session, ticket.id, actor.kind, seq)
    # Who has set it back to unread has read no further, and has seen less.
    was = (mark.seq, mark.public_seq, mark.seen) if mark else (0, 0, 0)
    if seq < was[0] or (seq == was[0] and seen <= was[2]):
        return
    mark = mark or _mark_of(session, actor, ticket)
    mark.reader_name, mark.seq, mark.public_seq, mark.seen = actor.name, seq, public_seq, seen
    announce(session, room_channel(ticket.id), read_moved(actor.person, seq, public_seq, was_public=was[1]))
    announce(session, BOARD, TicketRead(ticket.id, actor.kind, actor.id))
    if actor.kind == "agent" and await see(session, ticket.id, actor.id, seq):
        announce(session, BOARD, AgentMentioned(ticket.id, actor.id))


async def mark_unread(session: AsyncSession, actor: Actor, ticket_id: int) -> None:
    """Count the last message of the other side as unread, or the description where there is none, for oneself alone.

    How far one has read stays, and with it what the other side is shown as seen. Locks the ticket. Raises NotFound.
    """
    ticket = await lock(session, actor, ticket_id)
    mark = await session.get(ReadMark, (ticket.id, actor.kind, actor.id))
    before = written_to(actor.kind, ticket) - 1
    # Without a mark everything that was written is unread already.
    if (mark.seen if mark else 0) > before:
        mark = mark or _mark_of(session, actor, ticket)
        mark.seen = before
        announce(session, BOARD, TicketRead(ticket.id, actor.kind, actor.id))


def _mark_of(session: AsyncSession, actor: Actor, ticket: Ticket) -> ReadMark:
    """Made when all its columns are known: the next query would write it while it is half filled in."""
    mark = ReadMark(
        ticket_id=ticket.id,
        reader_kind=actor.kind,
        reader_id=actor.id,
        reader_name=actor.name,
        seq=0,
        public_seq=0,
        seen=0,
    )
    session.add(mark)
    return mark
