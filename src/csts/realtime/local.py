"""The broker of a single process: a dictionary of listeners and one of those present."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from csts.realtime.broker import Subscriber
from csts.realtime.events import Event
from csts.realtime.people import Person


class LocalBroker:
    """Delivers at once, in the order of publishing. See `Broker` for the promises."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._present: defaultdict[str, Counter[Person]] = defaultdict(Counter)

    async def publish(self, announcements: Sequence[tuple[str, Event]]) -> None:
        for channel, event in announcements:
            for listener in tuple(self._listeners.get(channel, ())):
                listener.deliver(event)

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        self._listeners[channel].add(subscriber)

    async def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        listeners = self._listeners.get(channel, set())
        listeners.discard(subscriber)
        if not listeners:
            self._listeners.pop(channel, None)

    async def enter(self, channel: str, person: Person) -> bool:
        self._present[channel][person] += 1
        return self._present[channel][person] == 1

    async def leave(self, channel: str, person: Person) -> bool:
        connections = self._present[channel]
        connections[person] -= 1
        if connections[person] > 0:
            return False
        del connections[person]
        if not connections:
            del self._present[channel]
        return True

    async def present(self, channel: str) -> list[Person]:
        return sorted(self._present.get(channel, ()), key=lambda person: (person.kind, person.id))
