"""Snoozing: a ticket leaves the queues until its time has come or its customer writes, and comes back by itself."""

from datetime import datetime, timedelta
from http import HTTPStatus

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.errors import DomainError, InvalidInput
from csts.kit.tasks import Later, Task, enqueue
from csts.realtime.people import Person
from csts.tickets import actions, state
from csts.tickets.models import Ticket
from csts.tickets.queries import lock_to_change
from csts.tickets.status import Status

WAKE = "wake"
LONGEST = timedelta(days=366)
_CLOCK = Person("system", 0, "L1 Desk")


class NothingToSnooze(DomainError):
    code = "nothing_to_snooze"
    status = HTTPStatus.CONFLICT
    detail = "This ticket is solved or closed, so it is in no queue that it could leave."


class Snooze(BaseModel):
    model_config = ConfigDict(extra="forbid")
    until: AwareDatetime = Field(examples=["2026-12-01T09:00:00Z"])


async def snooze(session: AsyncSession, actor: Actor, ticket_id: int, until: datetime) -> Ticket:
    """Until this moment, or a new one in the place of an earlier.

    Raises InvalidInput, NotFound, TicketMerged, NothingToSnooze.
    """
    now = clock.now()
    if until <= now:
        raise InvalidInput.of("until", "Please choose a time that is still to come.")
    if until > now + LONGEST:
        raise InvalidInput.of("until", "Please choose a time within a year.")
    ticket = await lock_to_change(session, actor, ticket_id)
    if not Status(ticket.status).is_active:
        raise NothingToSnooze
    if ticket.snoozed_until != until:
        ticket.snoozed_until = until
        actions.record(session, ticket, actor.person, "snoozed", until=until.isoformat())
        actions.tell(session, ticket, public=False)
        # One that waits for an earlier time already finds then that it has to wait on.
        await enqueue(session, WAKE, {"ticket_id": ticket.id}, key=f"ticket:{ticket.id}", run_at=until)
    return ticket


async def end_snooze(session: AsyncSession, actor: Actor, ticket_id: int) -> Ticket:
    """Back at once; one that is not snoozed stays as it is. Raises NotFound, TicketMerged."""
    ticket = await lock_to_change(session, actor, ticket_id)
    if ticket.snoozed_until:
        _wake(session, ticket, actor.person)
    return ticket


async def wake(database: Database, task: Task) -> None:
    """Bring back the ticket of the task, unless it is back already. Raises Later where it is to sleep on."""
    async with database.write() as session:
        ticket = await session.get(Ticket, task.payload["ticket_id"], with_for_update=True)
        if ticket and ticket.snoozed_until:
            left = (ticket.snoozed_until - clock.now()).total_seconds()
            if left > 0:
                raise Later(left)
            _wake(session, ticket, _CLOCK)
        await task.finish(session)


def _wake(session: AsyncSession, ticket: Ticket, by: Person) -> None:
    actions.record(session, ticket, by, "woken")
    was_awaited = ticket.awaiting_since is not None
    state.wake(ticket, clock.now())
    # That it waits for an answer is what its customer reads as well.
    actions.tell(session, ticket, public=not was_awaited)
