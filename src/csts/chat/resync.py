"""What heals a process that may have missed what others published: it compares its open rooms with the database."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import select

from csts.auth.actor import Actor
from csts.auth.guards import KINDS
from csts.auth.queries import alive_among
from csts.chat.writer import Writer
from csts.kit.db import Database
from csts.kit.edge import forever
from csts.realtime.broker import Broker
from csts.realtime.events import Hangup
from csts.realtime.socket import FELL_BEHIND, UNAUTHENTICATED, Pump
from csts.tickets.models import Ticket

LOOK_SECONDS = 1.0
AT_ONCE = 500
# Lists come back by themselves, so many in a second, and read what they have missed as they do.
RETURNS_PER_SECOND = 500


class Mendable(Protocol):
    """A socket in a ticket's room, which knows what it has sent."""

    def mend(self, last_seq: int, last_public_seq: int) -> None:
        """The thread goes up to here: send what is missing, if anything is."""


class OpenSockets:
    """The sockets of this process: rooms by ticket, and lists."""

    def __init__(self) -> None:
        self._rooms: defaultdict[int, set[Mendable]] = defaultdict(set)
        self._lists: set[Pump] = set()
        self._actors: dict[Pump, Actor] = {}
        # Of ten thousand that have missed something, so many read at a time: the others have a desk to run.
        self.mending = asyncio.Semaphore(8)
        # The same of ten thousand that open, which must not wait for frames on their way to a slow reader.
        self.opening = asyncio.Semaphore(8)

    @contextmanager
    def room(self, ticket_id: int, room: Mendable) -> Iterator[None]:
        self._rooms[ticket_id].add(room)
        try:
            yield
        finally:
            self._rooms[ticket_id].discard(room)
            if not self._rooms[ticket_id]:
                del self._rooms[ticket_id]

    @contextmanager
    def session(self, pump: Pump, actor: Actor) -> Iterator[None]:
        self._actors[pump] = actor
        try:
            yield
        finally:
            del self._actors[pump]

    @contextmanager
    def list(self, pump: Pump) -> Iterator[None]:
        self._lists.add(pump)
        try:
            yield
        finally:
            self._lists.discard(pump)

    async def keep_whole(self, broker: Broker, database: Database, writer: Writer) -> None:
        """While the broker hears nothing of others, and once when it does again, for as long as the desk is open.

        Once as well after the writer could not know what it had committed.
        """
        mended = broker.interruptions + writer.doubts

        async def look() -> None:
            nonlocal mended
            await asyncio.sleep(LOOK_SECONDS)
            # Read before the rooms are: what passes by during the comparison asks for another one.
            hears_others, missed = broker.hears_others, broker.interruptions + writer.doubts
            if hears_others and missed == mended:
                return
            await self._mend_rooms(database)
            await self._end_dead_sessions(database)
            if hears_others:
                mended = missed
                self._call_lists_back()

        await forever("resync_failed", look, pause_seconds=LOOK_SECONDS)

    async def _end_dead_sessions(self, database: Database) -> None:
        """A sign-out elsewhere may have been told to nobody here."""
        pumps = list(self._actors.items())
        for start in range(0, len(pumps), AT_ONCE):
            some = pumps[start : start + AT_ONCE]
            alive = set[str]()
            for kind in KINDS:
                families = {actor.session for _, actor in some if actor.kind == kind}
                async with database.read() as session:
                    alive |= await alive_among(session, kind, families)
            for pump, actor in some:
                if actor.session not in alive:
                    pump.hang_up(Hangup(UNAUTHENTICATED, "the session has ended"))

    async def _mend_rooms(self, database: Database) -> None:
        open_now = list(self._rooms)
        for start in range(0, len(open_now), AT_ONCE):
            numbers = open_now[start : start + AT_ONCE]
            async with database.read() as session:
                rows = await session.execute(
                    select(Ticket.id, Ticket.last_seq, Ticket.last_public_seq).where(Ticket.id.in_(numbers))
                )
            for ticket_id, last_seq, last_public_seq in rows:
                for room in tuple(self._rooms.get(ticket_id, ())):
                    room.mend(last_seq, last_public_seq)

    def _call_lists_back(self) -> None:
        spread = max(1.0, len(self._lists) / RETURNS_PER_SECOND)
        for pump in tuple(self._lists):
            moment = random.uniform(0, spread)  # noqa: S311 - spreads a load, guards nothing
            pump.hang_up(Hangup(FELL_BEHIND, f"resync, retry in {moment:.1f} s"))
