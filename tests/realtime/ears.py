"""Who listens in the tests of brokers, and how one waits for what happens to them."""

import asyncio
import time
from collections.abc import Callable

from csts.realtime.events import Event, Frames
from csts.realtime.people import Person

ANA, BEN, PRIYA = Person("customer", 1, "Ana"), Person("customer", 2, "Ben"), Person("agent", 1, "Priya")
HELLO, BYE = Frames(staff=b"hello"), Frames(staff=b"bye")
WAIT_SECONDS = 20


class Ear:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self._has_heard = asyncio.Event()

    def deliver(self, event: Event) -> None:
        self.heard.append(event)
        self._has_heard.set()

    async def hears(self, *events: Event) -> None:
        """Waits until it has heard so many, and these."""
        async with asyncio.timeout(WAIT_SECONDS):
            while len(self.heard) < len(events):
                self._has_heard.clear()
                await self._has_heard.wait()
        assert self.heard == list(events)


async def eventually(claim: Callable[[], object]) -> float:
    """Waits until it is true; for how many seconds. For what nobody announces: the state of a broker."""
    began = time.monotonic()
    turn = asyncio.Event()
    while not claim():
        assert time.monotonic() - began < WAIT_SECONDS
        asyncio.get_running_loop().call_later(0.01, turn.set)
        await turn.wait()
        turn.clear()
    return time.monotonic() - began
