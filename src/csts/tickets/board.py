"""What rooms and lists are told of tickets that have moved: after the commit, from what is stored by then.

A row in a list is a state and no history: ten changes of one ticket, told together, are one row.
"""

import asyncio
import time
from collections.abc import Sequence

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import Announcement, Database
from csts.realtime.broker import Broker
from csts.realtime.events import Event, Frames
from csts.tickets import lists
from csts.tickets.events import BOARD, DESK, RowChanged, TicketFrame, TicketMoved, inbox_channel, room_channel
from csts.tickets.models import Ticket
from csts.tickets.queries import whole

AT_ONCE = 200
# A round waits so many times as long as the last one took: the lists never get more than a tenth of the process.
REST = 10
SHORTEST_REST_SECONDS = 0.02
PAUSE_SECONDS = 1.0

_log = structlog.get_logger()


class Board:
    """Passes on what a transaction announced, and tells of the tickets that it moved."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._moved: dict[int, TicketMoved] = {}
        self._has_moved = asyncio.Event()

    async def publish(self, announced: Sequence[Announcement]) -> None:
        """As a `Database` calls it after each commit."""
        await self._broker.publish([(channel, event) for channel, event in announced if channel != BOARD])
        for channel, fact in announced:
            if channel == BOARD:
                self.note(fact)

    def note(self, fact: TicketMoved) -> None:
        before = self._moved.get(fact.ticket_id)
        self._moved[fact.ticket_id] = fact | before if before else fact
        self._has_moved.set()

    async def run(self, database: Database) -> None:
        """Tell, for as long as the desk is open."""
        while True:
            await self._has_moved.wait()
            began = time.monotonic()
            facts = [self._moved.pop(number) for number in list(self._moved)[:AT_ONCE]]
            try:
                await self._tell(database, facts)
            except (SQLAlchemyError, OSError) as error:
                # Kept for when the database is back: nobody else will tell of them.
                _log.warning("board_waits", waiting=len(facts), error=str(error).splitlines()[0])
                for fact in facts:
                    self.note(fact)
                await asyncio.sleep(PAUSE_SECONDS)
            await asyncio.sleep(max(SHORTEST_REST_SECONDS, REST * (time.monotonic() - began)))
            if not self._moved:
                self._has_moved.clear()

    async def _tell(self, database: Database, facts: Sequence[TicketMoved]) -> None:
        async with database.read() as session:
            news = await _rows(session, facts)
            for fact in facts:
                if fact.changed:
                    news.append(await _ticket(session, fact.ticket_id))
        await self._broker.publish(news)


async def _rows(session: AsyncSession, facts: Sequence[TicketMoved]) -> list[tuple[str, Event]]:
    wrote = {fact.ticket_id: fact.wrote for fact in facts}
    seen = await lists.seen_by(session, list(wrote))
    news: list[tuple[str, Event]] = []
    for row, by_customer, by_staff in await lists.rows(session, list(wrote)):
        # One event for all agents, who each take their own count out of it where they listen.
        for_agents = RowChanged(row, by_customer, seen[row.id, "agent"], wrote[row.id])
        for_customer = RowChanged(row, by_staff, seen[row.id, "customer"], wrote[row.id])
        news += [(DESK, for_agents), (inbox_channel(row.customer.id), for_customer)]
    return news


async def _ticket(session: AsyncSession, ticket_id: int) -> tuple[str, Event]:
    staff, public = await whole(session, await session.get_one(Ticket, ticket_id))
    frames = Frames(msgspec.json.encode(TicketFrame(staff)), msgspec.json.encode(TicketFrame(public)))
    return room_channel(ticket_id), frames
