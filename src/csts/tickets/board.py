"""What rooms and lists are told of tickets that have moved: after the commit, from what is stored by then.

A row in a list is a state and no history: ten changes of one ticket, told together, are one row.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import Announcement, Database
from csts.kit.edge import Edge, forever
from csts.realtime.broker import Broker
from csts.realtime.events import Event, Frames
from csts.realtime.people import Person
from csts.tickets.events import (
    BOARD,
    DESK,
    AgentMentioned,
    MentionFrame,
    RowChanged,
    TicketFrame,
    TicketMoved,
    TicketRead,
    UnreadMoved,
    inbox_channel,
    lists_channel,
    room_channel,
)
from csts.tickets.mentions import unseen
from csts.tickets.queries import whole, written_to
from csts.tickets.rows import lines_by_id, row_for, rows_by_id, seen_by

AT_ONCE = 200
# A round waits so many times as long as the last one took: the lists get a tenth of the process. One that was held up,
# by a busy machine or a database that was away, does not silence them for long.
REST = 10
SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 0.02, 1.0
PAUSE_SECONDS = 1.0
LAST_SECONDS = 1.0

# What only one person's lists are told.
Personal = TicketRead | AgentMentioned
Fact = TicketMoved | Personal

_log = structlog.get_logger()


class Board:
    """Passes on what a transaction announced, and tells of the tickets that it moved; each of `ears` hears of it."""

    def __init__(self, broker: Broker, *ears: Callable[[Fact], None]) -> None:
        self._broker = broker
        self._ears = ears
        self._moved: dict[int, TicketMoved] = {}
        self._personal: set[Personal] = set()
        self._has_news = asyncio.Event()

    async def publish(self, announced: Sequence[Announcement]) -> None:
        """As a `Database` calls it after each commit."""
        await self._broker.publish([(channel, event) for channel, event in announced if channel != BOARD])
        for channel, fact in announced:
            if channel == BOARD:
                self.note(fact)

    def note(self, fact: Fact) -> None:
        if isinstance(fact, TicketMoved):
            before = self._moved.get(fact.ticket_id)
            self._moved[fact.ticket_id] = fact | before if before else fact
        else:
            self._personal.add(fact)
        for hear in self._ears:
            hear(fact)
        self._has_news.set()

    async def run(self, database: Database) -> None:
        """Tell, for as long as the desk is open."""
        await forever("board_failed", partial(self._round, database), pause_seconds=PAUSE_SECONDS)

    async def _round(self, database: Database) -> None:
        await self._has_news.wait()
        began = time.monotonic()
        facts = self._take()
        try:
            await self._tell(database, facts)
        except (SQLAlchemyError, OSError) as error:
            # Kept for when the database is back: nobody else will tell of them.
            _log.warning("board_waits", waiting=len(facts), error=repr(error))
            for fact in facts:
                self.note(fact)
            await asyncio.sleep(PAUSE_SECONDS)
        rest = REST * (time.monotonic() - began)
        await asyncio.sleep(min(max(SHORTEST_REST_SECONDS, rest), LONGEST_REST_SECONDS))

    async def close(self, database: Database) -> None:
        """Tell what is left, in the second that a closing desk has for it: other processes have readers, too."""
        with Edge("board_failed"):
            async with asyncio.timeout(LAST_SECONDS):
                while facts := self._take():
                    await self._tell(database, facts)

    def _take(self) -> list[Fact]:
        moved = [self._moved.pop(number) for number in list(self._moved)[:AT_ONCE]]
        personal = [self._personal.pop() for _ in range(min(AT_ONCE, len(self._personal)))]
        if not self._moved and not self._personal:
            self._has_news.clear()
        return [*moved, *personal]

    async def _tell(self, database: Database, facts: Sequence[Fact]) -> None:
        async with database.read() as session:
            mentions = [fact for fact in facts if isinstance(fact, AgentMentioned)]
            news = await _of_lists(session, [fact for fact in facts if not isinstance(fact, AgentMentioned)])
            news += await _of_mentions(session, mentions)
            for fact in facts:
                if isinstance(fact, TicketMoved) and fact.changed:
                    news.append(await _of_room(session, fact))
        await self._broker.publish(news)


async def _of_lists(session: AsyncSession, facts: Sequence[TicketMoved | TicketRead]) -> list[tuple[str, Event]]:
    numbers = {fact.ticket_id for fact in facts}
    seen = await seen_by(session, numbers)
    known = await lines_by_id(session, numbers)
    news: list[tuple[str, Event]] = []
    for fact in facts:
        if fact.ticket_id not in known:
            continue  # announced by a transaction that was rolled back in the end, or deleted since
        line = known[fact.ticket_id]
        if isinstance(fact, TicketRead):
            unread = written_to(fact.reader_kind, line) - seen[fact.ticket_id, fact.reader_kind].get(fact.reader_id, 0)
            news.append((lists_channel(fact.reader_kind, fact.reader_id), UnreadMoved(fact.ticket_id, max(0, unread))))
            continue
        # One event for all agents, who each take their own count out of it where they listen.
        channels = {"agent": DESK} | ({"customer": inbox_channel(line.user_id)} if fact.public else {})
        for kind, channel in channels.items():
            row, written = row_for(kind, line), written_to(kind, line)
            news.append((channel, RowChanged(row, written, seen[fact.ticket_id, kind], tells_unread=fact.wrote)))
    return news


async def _of_mentions(session: AsyncSession, facts: Sequence[AgentMentioned]) -> list[tuple[str, Event]]:
    tickets = defaultdict[int, list[int]](list)
    for fact in facts:
        tickets[fact.agent_id].append(fact.ticket_id)
    waiting = await unseen(session, tickets) if tickets else {}
    news: list[tuple[str, Event]] = []
    for agent_id, numbers in tickets.items():
        mine = await rows_by_id(session, Person("agent", agent_id, ""), numbers)
        told = [MentionFrame(row, waiting.get(agent_id, 0)) for row in mine.values()]
        channel = lists_channel("agent", agent_id)
        news += [(channel, Frames(staff=msgspec.json.encode(frame))) for frame in told]
    return news


async def _of_room(session: AsyncSession, fact: TicketMoved) -> tuple[str, Event]:
    staff, public = await whole(session, fact.ticket_id)
    told = msgspec.json.encode(TicketFrame(public)) if fact.public else None
    return room_channel(fact.ticket_id), Frames(msgspec.json.encode(TicketFrame(staff)), told)
