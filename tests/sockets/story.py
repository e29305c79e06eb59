"""Two people who write at once, over lines that break: what the guarantees are tried with."""

import asyncio
import uuid
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.make import thread
from tests.people import Somebody
from tests.support.chat import Frame, join
from tests.support.server import Desk

BROKEN = (ConnectionClosed, ConnectionError, InvalidHandshake)


class Line:
    """The way to the server; it may be cut, and everybody waits until it is mended."""

    def __init__(self, server: Desk) -> None:
        self.sockets = server.sockets
        self._server = server
        self._is_up = asyncio.Event()
        self._is_up.set()

    async def kill_and_restart(self) -> None:
        self._is_up.clear()
        await asyncio.to_thread(self._server.restart)
        self._is_up.set()

    async def mended(self) -> None:
        await self._is_up.wait()


@dataclass
class Writer:
    """Writes until told to stop, over as many connections as it takes; keeps what it was told."""

    who: Somebody
    ticket_id: int
    line: Line
    sent: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    has_spoken: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, goal: int, *, note_every: int = 0) -> None:
        """Writes `goal` messages; one that was not acknowledged is sent again on the next connection."""
        while len(self.acknowledged) < goal:
            try:
                await self._write_on_one_line(goal, note_every)
            except BROKEN:
                await self.line.mended()

    async def _write_on_one_line(self, goal: int, note_every: int) -> None:
        async with join(self.line.sockets, self.ticket_id, self.who.token) as chat:
            await chat.next("ready")
            unsure = [client_id for client_id in self.sent if client_id not in self.acknowledged]
            while unsure or len(self.sent) < goal:
                client_id = unsure.pop(0) if unsure else self._new()
                number = self.sent.index(client_id) + 1
                note = {"internal": True} if note_every and number % note_every == 0 else {}
                told = await chat.say(f"{self.who.name} {number}", client_id=client_id, **note)
                assert told["type"] == "message", told
                self.acknowledged.add(client_id)
                if len(self.acknowledged) == 10:
                    self.has_spoken.set()

    def _new(self) -> str:
        self.sent.append(str(uuid.uuid4()))
        return self.sent[-1]


@dataclass
class Listener:
    """A client that holds a thread: it comes back after each break with the last number that it has seen."""

    who: Somebody
    ticket_id: int
    line: Line
    held: dict[int, Frame] = field(default_factory=dict)
    doubles: list[Frame] = field(default_factory=list)

    async def listen(self, goal: int) -> None:
        """Returns when the thread has `goal` messages without a gap."""
        while self._complete() < goal:
            try:
                await self._listen_on_one_line(goal)
            except BROKEN:
                await self.line.mended()

    async def _listen_on_one_line(self, goal: int) -> None:
        told: set[int] = set()
        async with join(self.line.sockets, self.ticket_id, self.who.token, after=self._complete()) as chat:
            while self._complete() < goal:
                frame = await chat.next("message")
                if frame["seq"] in told:
                    self.doubles.append(frame)
                told.add(frame["seq"])
                self.held[frame["seq"]] = frame

    def _complete(self) -> int:
        """The last number before the first gap."""
        number = 0
        while number + 1 in self.held:
            number += 1
        return number

    def lines(self) -> list[tuple[int, str]]:
        return [(seq, self.held[seq]["content"]) for seq in sorted(self.held)]


async def whole_thread(who: Somebody, ticket_id: int) -> list[Frame]:
    """The thread of any length, page by page."""
    found = await thread(who, ticket_id)
    while True:
        answer = await who.get(f"/tickets/{ticket_id}/messages", params={"after": found[-1]["seq"], "limit": 100})
        page = answer.json()["items"]
        if not page:
            return found
        found += page
