"""Reads of ratings. Whoever sees the ticket sees them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.ratings.models import Rating
from csts.ratings.schemas import RatingOut
from csts.tickets.models import TicketEvent
from csts.tickets.queries import get
from csts.tickets.status import Status


async def ratings(session: AsyncSession, actor: Actor, ticket_id: int) -> list[RatingOut]:
    """All of a ticket, the newest first. Raises NotFound."""
    ticket = await get(session, actor, ticket_id)
    solving = None if Status(ticket.status).is_active else await solving_of(session, ticket_id)
    rows = await session.scalars(select(Rating).where(Rating.ticket_id == ticket_id).order_by(Rating.id.desc()))
    return [shown(row, solving) for row in rows]


async def solving_of(session: AsyncSession, ticket_id: int) -> int:
    """The line of history with which the ticket has been solved, and is since; 0 where its history does not say."""
    moves = await session.execute(
        select(TicketEvent.id, TicketEvent.data)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.kind == "status_changed")
        .order_by(TicketEvent.id.desc())
    )
    solving = 0
    for event_id, data in moves:
        if Status(data["to"]).is_active:
            break
        solving = event_id
    return solving


def shown(row: Rating, solving: int | None) -> RatingOut:
    """`solving` is how the ticket is solved now, if it is."""
    return RatingOut(
        id=row.id,
        score=row.score,
        comment=row.comment,
        current=row.solving == solving,
        created_at=row.created_at,
        updated_at=row.updated_at,
        changeable_until=row.changeable_until,
    )
