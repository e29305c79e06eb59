"""The broker of a single process: a dictionary of listeners and one of those present."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from csts.realtime.broker import Subscriber
from csts.realtime.events import Event
from csts.realtime.people import Person


class LocalBroker:
    """Delivers at once, in the order of publishing. See `Broker` for the promises."""

    # There are no others who could be missed.
    hears_others = True
    interruptions = 0

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Subscriber]] = defaultdict(set)
        self._present: defaultdict[str, dict[tuple[str, int], Presence]] = defaultdict(dict)

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def check(self) -> None:
        pass

    def is_heard(self, channel: str) -> bool:
        return channel in self._listeners

    async def publish(self, announcements: Sequence[tuple[str, Event]]) -> None:
        for channel, event in announcements:
            for listener in tuple(self._listeners.get(channel, ())):
                listener.deliver(event)

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        self._listeners[channel].add(subscriber)

    async def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        # By `get`, or every ticket that anybody ever looked at would keep its empty set.
        listeners = self._listeners.get(channel, set())
        listeners.discard(subscriber)
        if not listeners:
            self._listeners.pop(channel, None)

    async def enter(self, channel: str, person: Person) -> bool:
        there = self._present[channel]
        before = there.get(_key(person))
        there[_key(person)] = Presence(person, 1 + (before.connections if before else 0))
        return before is None

    async def leave(self, channel: str, person: Person) -> bool:
        there = self._present.get(channel, {})
        before = there.pop(_key(person), None)
        if before and before.connections > 1:
            there[_key(person)] = Presence(before.person, before.connections - 1)
            return False
        if not there:
            self._present.pop(channel, None)
        return before is not None

    async def present(self, channel: str) -> list[Person]:
        there = self._present.get(channel, {})
        return [there[key].person for key in sorted(there)]


class Presence(NamedTuple):
    """A person under the name that came last, and how often."""

    person: Person
    connections: int


def _key(person: Person) -> tuple[str, int]:
    return person.kind, person.id
