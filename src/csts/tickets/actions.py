"""What changes a ticket. Each action locks its row first, writes its history, and says what happened."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.attachments import intake
from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.db import announce, happened
from csts.kit.errors import DomainError
from csts.realtime.people import Person
from csts.tickets import state
from csts.tickets.events import BOARD, TicketMoved, TicketOpened, TicketStoryGrew
from csts.tickets.models import Ticket, TicketEvent
from csts.tickets.queries import lock_to_change
from csts.tickets.references import ticket_no_of
from csts.tickets.schemas import TicketForm
from csts.tickets.status import Priority, Status, check_move

# Lines of the history that say how agents work; its customer does not read them.
FOR_AGENTS = {"tagged", "untagged", "snoozed", "woken"}


class AlreadyClaimed(DomainError):
    """Names the winner in `agent`."""

    code = "already_claimed"
    status = HTTPStatus.CONFLICT
    detail = "A colleague has claimed this ticket already."


class NotYourTicket(DomainError):
    code = "not_your_ticket"
    status = HTTPStatus.FORBIDDEN
    detail = "Only the agent who has this ticket, or an admin, can release it."


class NotClaimed(DomainError):
    code = "not_claimed"
    status = HTTPStatus.CONFLICT
    detail = "Nobody has this ticket, so there is nothing to release."


class UnknownAgent(DomainError):
    code = "unknown_agent"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "There is no active agent with that id."


async def open_ticket(
    session: AsyncSession, actor: Actor, form: TicketForm, *, screenshots: Sequence[intake.Accepted]
) -> Ticket:
    """A new ticket of this customer, with its number, its room and its screenshots, which are stored."""
    now = clock.now()
    ticket = Ticket(
        # Replaced below: the number is made of the id, which only the insert gives.
        ticket_no=str(uuid4()),
        user_id=actor.id,
        issue_type=form.issue_type,
        subject=form.subject,
        description=form.description,
        callback_number=form.callback_number,
        assisted=True,
        # One moment for all who see it.
        created_at=now,
        updated_at=now,
        public_updated_at=now,
    )
    ticket.set_priority(form.priority)
    session.add(ticket)
    await session.flush()
    ticket.ticket_no = ticket_no_of(ticket.id)
    session.add_all(intake.rows(screenshots, ticket_id=ticket.id, uploader=actor.person, screenshot=True))
    record(session, ticket, actor.person, "opened")
    happened(session, TicketStoryGrew(ticket.id, f"Ticket {ticket.ticket_no} is open. You can talk to us here."))
    happened(session, TicketOpened(ticket.id))
    announce(session, BOARD, TicketMoved(ticket.id))
    await session.flush()
    return ticket


async def change_status(session: AsyncSession, actor: Actor, ticket_id: int, status: Status) -> Ticket:
    """Raises NotFound, TicketMerged, MoveNotYours, IllegalMove."""
    ticket = await lock_to_change(session, actor, ticket_id)
    check_move(actor.kind, Status(ticket.status), status)
    ticket.assisted = ticket.assisted and actor.kind == "customer"
    move(session, ticket, actor.person, status)
    return ticket


async def change_priority(session: AsyncSession, actor: Actor, ticket_id: int, priority: Priority) -> Ticket:
    """Raises NotFound, TicketMerged. Setting what is set already leaves no trace."""
    ticket = await lock_to_change(session, actor, ticket_id)
    if ticket.priority != priority:
        record(session, ticket, actor.person, "priority_changed", **{"from": ticket.priority, "to": priority})
        ticket.set_priority(priority)
        narrate(session, ticket, f"{actor.name} set the priority to {priority}.")
    return ticket


async def claim(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """Take a ticket that nobody has. Raises NotFound, TicketMerged; AlreadyClaimed to all but the first."""
    # Locked and then looked at: of fifty who claim at once all but one wait here, and then read the winner's name.
    ticket = await lock_to_change(session, actor, ticket_id)
    if ticket.agent_id is not None:
        holder = await session.get_one(Agent, ticket.agent_id)
        raise AlreadyClaimed(
            f"{holder.name} has claimed this ticket already.", agent={"id": holder.id, "name": holder.name}
        )
    record(session, ticket, actor.person, "claimed")
    _take(session, ticket, actor.person, actor.id)
    narrate(session, ticket, f"{actor.name} is looking into this ticket.")
    return ticket


async def release(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """Give a ticket back to the queue. Raises NotFound, TicketMerged, NotYourTicket, NotClaimed."""
    ticket = await lock_to_change(session, actor, ticket_id)
    if actor.role != "admin" and ticket.agent_id != actor.id:
        raise NotYourTicket
    if ticket.agent_id is None:
        raise NotClaimed
    _leave(session, ticket, actor.person)
    return ticket


async def assign(session: AsyncSession, actor: Actor, ticket_id: int, agent_id: int | None) -> Ticket:
    """Hand a ticket over to a colleague, or to nobody. Raises NotFound, TicketMerged, UnknownAgent."""
    ticket = await lock_to_change(session, actor, ticket_id)
    if agent_id == ticket.agent_id:
        return ticket
    if agent_id is None:
        _leave(session, ticket, actor.person)
        return ticket
    agent = await session.get(Agent, agent_id)
    if agent is None or not agent.active:
        raise UnknownAgent
    record(session, ticket, actor.person, "assigned", agent={"id": agent.id, "name": agent.name})
    _take(session, ticket, actor.person, agent.id)
    narrate(session, ticket, f"{agent.name} is looking into this ticket now.")
    return ticket


def hand_over(session: AsyncSession, ticket: Ticket, by: Person, line: str) -> None:
    """A locked ticket goes from the assistant to people: from now on its customer waits for one of them."""
    ticket.assisted = False
    ticket.awaiting_since = ticket.awaiting_since or clock.now()
    record(session, ticket, by, "handed_over")
    narrate(session, ticket, line)


def move(session: AsyncSession, ticket: Ticket, by: Person, status: Status) -> None:
    """Set the status of a locked ticket and tell of it. The caller has checked that the move is allowed."""
    record(session, ticket, by, "status_changed", **{"from": ticket.status, "to": status})
    narrate(session, ticket, state.move(ticket, by, status, clock.now()))


def _take(session: AsyncSession, ticket: Ticket, by: Person, agent_id: int) -> None:
    """Somebody has it now; what was open is in progress with that."""
    ticket.agent_id = agent_id
    ticket.assisted = False
    if ticket.status == Status.OPEN:
        set_status(session, ticket, by, Status.IN_PROGRESS)


def _leave(session: AsyncSession, ticket: Ticket, by: Person) -> None:
    """Nobody has it any more; what was in progress is open again, for the queue to see."""
    record(session, ticket, by, "released")
    ticket.agent_id = None
    if ticket.status == Status.IN_PROGRESS:
        set_status(session, ticket, by, Status.OPEN)
    narrate(session, ticket, f"{by.name} put this ticket back into the queue.")


def set_status(session: AsyncSession, ticket: Ticket, by: Person, status: Status) -> None:
    """As a part of something else that is told: a line in the history, and none in the thread."""
    record(session, ticket, by, "status_changed", **{"from": ticket.status, "to": status})
    state.set_status(ticket, status)


def narrate(session: AsyncSession, ticket: Ticket, line: str) -> None:
    """Say so everywhere: in the thread by this sentence, in the room, and in the lists."""
    happened(session, TicketStoryGrew(ticket.id, line))
    tell(session, ticket)


def tell(session: AsyncSession, ticket: Ticket, *, public: bool = True) -> None:
    """A locked ticket has changed: its room and the lists show it anew, those of agents alone if it is not `public`."""
    (state.touch if public else state.touch_for_agents)(ticket, clock.now())
    announce(session, BOARD, TicketMoved(ticket.id, changed=True, public=public))


def record(session: AsyncSession, ticket: Ticket, by: Person, kind: str, **data: Any) -> None:
    """A line of the ticket's history; what belongs in `data` depends on the kind."""
    event = TicketEvent(ticket_id=ticket.id, kind=kind, public=kind not in FOR_AGENTS, data=data)
    event.actor_kind, event.actor_id, event.actor_name = by.kind, by.id, by.name
    session.add(event)
