"""An answer with what goes with it: message, claim, priority and status in one transaction, all or nothing."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.chat.actions import post_message
from csts.chat.posting import Posted
from csts.chat.schemas import MessageDraft, MessageOut
from csts.chat.sheet import Letter
from csts.kit import clock
from csts.kit.db import settle
from csts.kit.errors import InvalidInput
from csts.tickets import actions, queries
from csts.tickets.models import Ticket
from csts.tickets.schemas import TicketOut
from csts.tickets.status import Priority, Status


class AnswerDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to say, if anything, and what to do with it. `assign` takes a ticket that nobody has."""

    message: MessageDraft | None = None
    status: Status | None = None
    priority: Priority | None = None
    assign: bool = False


class Answered(msgspec.Struct, frozen=True):
    """The stored message, or null where nothing was to be said, and the ticket as it is now."""

    message: MessageOut | None
    ticket: TicketOut


async def answer_ticket(
    session: AsyncSession, actor: Actor, ticket_id: int, wanted: AnswerDraft
) -> tuple[Posted | None, TicketOut]:
    """Say it, and do what goes with it; what is so already is left alone. A message that is known does nothing again.

    Locks the ticket. Raises what posting a message does, and AlreadyClaimed, IllegalMove: then nothing has happened.
    """
    if not (wanted.message or wanted.status or wanted.priority or wanted.assign):
        raise InvalidInput.of("message", "Please write something, or choose what to do.")
    ticket = await queries.lock(session, actor, ticket_id)
    posted = None
    if wanted.message:
        posted = await post_message(session, Letter(actor.person, ticket_id, wanted.message, clock.now()))
    if posted is None or posted.is_new:
        await _do(session, actor, ticket, wanted)
        await settle(session)
    return posted, await queries.detail(session, actor, ticket_id)


async def _do(session: AsyncSession, actor: Actor, ticket: Ticket, wanted: AnswerDraft) -> None:
    """In the order in which a hand would: a claim may move the ticket, and the wanted status is the last word."""
    if wanted.assign and ticket.agent_id != actor.id:
        await actions.claim(session, actor, ticket.id)
    if wanted.priority:
        await actions.change_priority(session, actor, ticket.id, wanted.priority)
    if wanted.status and wanted.status != ticket.status:
        await actions.change_status(session, actor, ticket.id, wanted.status)
