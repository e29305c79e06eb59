"""The promise of a broker: today's carries events inside of one process, one between several must keep it, too."""

from collections.abc import Sequence
from typing import Protocol

from csts.realtime.events import Event
from csts.realtime.people import Person


class Subscriber(Protocol):
    """Somebody who listens. `deliver` never blocks and never raises: a slow one is hung up on."""

    def deliver(self, event: Event) -> None: ...


class Broker(Protocol):
    """Channels, and who is present on them. Delivery is best effort: a client repairs gaps by `seq`."""

    @property
    def hears_others(self) -> bool:
        """False while events of other processes may be passing this one by."""

    @property
    def interruptions(self) -> int:
        """How often events may have passed by so far; counted when they do so no more."""

    async def start(self) -> None:
        """Before anything else; returns in any case, also where nobody else can be heard yet."""

    async def close(self) -> None:
        """After everything else; those who were present here are so no more."""

    async def check(self) -> None:
        """Raises OSError or TimeoutError where other processes cannot be reached."""

    async def publish(self, announcements: Sequence[tuple[str, Event]]) -> None:
        """Deliver each event to the subscribers of its channel; log what fails, and raise nothing.

        The rows are safe by now: whoever is told of a failure would write them again.
        """

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        """From the return of this call on, nothing that is published to the channel passes the subscriber by."""

    async def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        """Stop delivering; unknown subscribers are ignored."""

    async def enter(self, channel: str, person: Person) -> bool:
        """One more connection of this person; true when it is the first."""

    async def leave(self, channel: str, person: Person) -> bool:
        """One connection fewer; true when it was the last."""

    async def present(self, channel: str) -> list[Person]:
        """Who is there, each once, by kind and id."""
