"""Tags and mentions that have lost what lists sort by, since a process of an earlier release wrote past them."""

from sqlalchemy import or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import Database
from csts.tickets.models import LISTED, Mention, Ticket, TicketTag, follow

# Each is locked for as long as all of them take.
AT_ONCE = 200


async def mend(database: Database) -> int:
    """Gives them what their tickets have; how many tickets that were."""
    mended = 0
    while True:
        async with database.read() as session:
            found = await _astray(session)
        if not found:
            return mended
        async with database.write() as session:
            await _bring_back(session, found)
        mended += len(found)


async def _astray(session: AsyncSession) -> list[int]:
    """Some of these tickets, in no order."""
    found: set[int] = set()
    for kept in (TicketTag, Mention):
        differs = [getattr(kept, name) != getattr(Ticket, name) for name in LISTED]
        if kept is Mention:
            differs.append(~Ticket.has_mentions)
        lost = select(Ticket.id).join(kept, kept.ticket_id == Ticket.id).where(or_(*differs))
        found.update(await session.scalars(lost.limit(AT_ONCE)))
    return sorted(found)[:AT_ONCE]


async def _bring_back(session: AsyncSession, numbers: list[int]) -> None:
    await session.execute(select(Ticket.id).where(Ticket.id.in_(numbers)).order_by(Ticket.id).with_for_update())
    for kept in (TicketTag, Mention):
        await session.execute(follow(kept).where(kept.ticket_id.in_(numbers)))
    called = Ticket.id.in_(select(Mention.ticket_id).where(Mention.ticket_id.in_(numbers)))
    await session.execute(update(Ticket).where(called).values(has_mentions=true()))
