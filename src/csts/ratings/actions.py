"""What gives and changes ratings."""

from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.db import announce
from csts.kit.errors import DomainError
from csts.ratings.models import Rating
from csts.ratings.queries import shown, solving_of
from csts.ratings.schemas import NewRating, RatingOut
from csts.tickets.events import BOARD, TicketMoved
from csts.tickets.models import Ticket, TicketEvent
from csts.tickets.queries import lock_to_change
from csts.tickets.status import Status


class NotSolved(DomainError):
    code = "not_solved"
    status = HTTPStatus.CONFLICT
    detail = "This ticket is not solved yet. You can rate it when it is."


class RatingFixed(DomainError):
    code = "rating_fixed"
    status = HTTPStatus.CONFLICT
    detail = "This rating is more than 14 days old and can no longer be changed."


async def rate(session: AsyncSession, actor: Actor, ticket_id: int, given: NewRating) -> RatingOut:
    """The customer's rating of how his ticket is solved now; a second one takes the place of the first.

    Raises NotFound, TicketMerged, NotSolved, RatingFixed. Saying the same again leaves no trace.
    """
    ticket = await lock_to_change(session, actor, ticket_id)
    if Status(ticket.status).is_active:
        raise NotSolved
    solving = await solving_of(session, ticket_id)
    row = await session.scalar(select(Rating).where(Rating.ticket_id == ticket_id, Rating.solving == solving))
    if row is None:
        row = Rating(ticket_id=ticket_id, solving=solving, agent_id=ticket.agent_id)
        session.add(row)
    elif (row.score, row.comment) == (given.score, given.comment):
        return shown(row, solving)
    elif clock.now() > row.changeable_until:
        raise RatingFixed
    row.score, row.comment, row.updated_at = given.score, given.comment, clock.now()
    _tell(session, ticket, actor, given)
    await session.flush()
    return shown(row, solving)


def _tell(session: AsyncSession, ticket: Ticket, actor: Actor, given: NewRating) -> None:
    """In the history, and to whoever looks at the ticket. It is nothing to do, so it moves in no list."""
    data = {"score": given.score, "comment": given.comment}
    by = actor.person
    session.add(
        TicketEvent(
            ticket_id=ticket.id, kind="rated", actor_kind=by.kind, actor_id=by.id, actor_name=by.name, data=data
        )
    )
    announce(session, BOARD, TicketMoved(ticket.id, changed=True))
