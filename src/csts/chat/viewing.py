"""Which agents have a ticket before them: told to the desk, a few times a second at most, and to no customer."""

import asyncio
from collections.abc import Iterable
from typing import cast

import msgspec
from starlette.requests import HTTPConnection

from csts.chat.schemas import Viewer, Viewers, ViewingFrame
from csts.kit.edge import forever
from csts.realtime.broker import Broker
from csts.realtime.events import Frames
from csts.realtime.people import Person
from csts.tickets.events import DESK, room_channel

# Whoever walks through a list opens and leaves five tickets a second, and all of the desk would hear of each.
TOGETHER_SECONDS = 0.25
AT_ONCE = 200
PAUSE_SECONDS = 1.0

_GAZE = "gaze:"


class Viewing:
    """Who is in a room is known to the broker; who looks at it as well stands on a channel beside it."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._moved: set[int] = set()
        self._has_moved = asyncio.Event()

    def note(self, ticket_id: int) -> None:
        """Somebody has come, gone, looked up or looked away: the desk is told of it soon."""
        self._moved.add(ticket_id)
        self._has_moved.set()

    async def run(self) -> None:
        await forever("viewing_failed", self._round, pause_seconds=PAUSE_SECONDS)

    async def of(self, ticket_ids: Iterable[int]) -> list[Viewers]:
        """For each ticket the agents who have it open, those who look at it now marked so."""
        return list(await asyncio.gather(*(self._of(number) for number in ticket_ids)))

    async def _of(self, ticket_id: int) -> Viewers:
        here, looking = await asyncio.gather(
            self._broker.present(room_channel(ticket_id)), self._broker.present(f"{_GAZE}{ticket_id}")
        )
        seeing = {person.id for person in looking}
        agents = [Viewer(person.id, person.name, person.id in seeing) for person in here if person.kind == "agent"]
        return Viewers(ticket_id, agents)

    async def _round(self) -> None:
        await self._has_moved.wait()
        await asyncio.sleep(TOGETHER_SECONDS)
        moved = sorted(self._moved.pop() for _ in range(min(AT_ONCE, len(self._moved))))
        if not self._moved:
            self._has_moved.clear()
        frame = msgspec.json.encode(ViewingFrame(await self.of(moved)))
        await self._broker.publish([(DESK, Frames(staff=frame))])


class Gaze:
    """One agent's socket in one room: he looks at it when his page says so, and not while its tab is hidden."""

    __slots__ = ("_broker", "_looks", "_person", "_ticket_id", "_viewing")

    def __init__(self, viewing: Viewing, broker: Broker, ticket_id: int, person: Person) -> None:
        self._viewing, self._broker, self._ticket_id, self._person = viewing, broker, ticket_id, person
        self._looks = False

    def begin(self) -> None:
        """The socket is in the room."""
        self._viewing.note(self._ticket_id)

    async def turn(self, *, looks: bool) -> None:
        if looks is self._looks:
            return
        self._looks = looks
        act = self._broker.enter if looks else self._broker.leave
        if await act(f"{_GAZE}{self._ticket_id}", self._person):
            self._viewing.note(self._ticket_id)

    async def end(self) -> None:
        """The socket is about to leave the room."""
        await self.turn(looks=False)
        self._viewing.note(self._ticket_id)


def viewing_of(connection: HTTPConnection) -> Viewing:
    return cast("Viewing", connection.app.state.viewing)
