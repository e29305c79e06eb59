"""Who is present, over all processes: each writes down whom it sees, under a lease that ends with it."""

import asyncio
from collections.abc import Iterable

import msgspec
import structlog

from csts.realtime.local import LocalBroker
from csts.realtime.people import Person
from csts.realtime.redis_line import FAULTS, Line
from csts.realtime.redis_scripts import FORGET, OTHERS, PLACE, PROCESSES, here_key, places_key

# Presence is never worth a long wait: a room opens with those whom this process knows.
PATIENCE_SECONDS = 0.5
REGISTERED_AT_ONCE = 200

_log = structlog.get_logger()

_encode = msgspec.msgpack.Encoder().encode
_people = msgspec.msgpack.Decoder(list[Person])


class RedisPresence:
    """The counts are those of the local broker; Redis knows, for each channel and process, the list of persons."""

    def __init__(self, line: Line, local: LocalBroker, process: str) -> None:
        self._line = line
        self._local = local
        self._process = process
        self._channels: set[str] = set()
        # False when Redis does not hold what this process sees, and has to be told of all of it.
        self.is_registered = False
        self._has_met_strangers = False

    async def enter(self, channel: str, person: Person) -> bool:
        if not await self._local.enter(channel, person):
            return False
        return not _holds(await self._place(channel), person)

    async def leave(self, channel: str, person: Person) -> bool:
        if not await self._local.leave(channel, person):
            return False
        return not _holds(await self._place(channel), person)

    async def present(self, channel: str) -> list[Person]:
        script = (OTHERS, 2, PROCESSES, here_key(channel), self._process)
        found = {(each.kind, each.id): each for each in await self._ask(*script)}
        found |= {(each.kind, each.id): each for each in await self._local.present(channel)}
        return [found[key] for key in sorted(found)]

    async def register(self) -> list[str]:
        """Tell Redis of everybody anew: after an outage, or when it has forgotten. The channels with somebody on them.

        Raises one of FAULTS.
        """
        await self._line.ask("EVAL", FORGET, 2, PROCESSES, places_key(self._process), self._process, here_key(""))
        channels = sorted(self._channels)
        for start in range(0, len(channels), REGISTERED_AT_ONCE):
            placed = [await self._asked_to_place(each) for each in channels[start : start + REGISTERED_AT_ONCE]]
            await asyncio.gather(*placed)
        self.is_registered = True
        return channels

    async def _place(self, channel: str) -> list[Person]:
        """Write down whom this process sees; whom the others see, or nobody when Redis does not say."""
        try:
            async with asyncio.timeout(self._patience):
                return self._merged(await (await self._asked_to_place(channel)))
        except FAULTS:
            # It may have been done or not.
            self.is_registered = False
            return []

    async def _asked_to_place(self, channel: str) -> asyncio.Future[list[bytes]]:
        """The question is on its way when this returns, before anybody else could come or go."""
        seen = await self._local.present(channel)
        if seen:
            self._channels.add(channel)
        else:
            self._channels.discard(channel)
        keys = PROCESSES, here_key(channel), places_key(self._process)
        return self._line.ask("EVAL", PLACE, 3, *keys, self._process, _encode(seen) if seen else b"", channel)

    async def _ask(self, *script: str | int) -> list[Person]:
        try:
            async with asyncio.timeout(self._patience):
                return self._merged(await self._line.ask("EVAL", *script))
        except FAULTS:
            return []

    def _merged(self, lists: Iterable[bytes]) -> list[Person]:
        return [person for each in lists for person in self._understood(each)]

    def _understood(self, seen: bytes) -> list[Person]:
        """Those whom another process sees; nobody where it is of another release, in the minutes of a deployment."""
        try:
            return _people.decode(seen)
        except msgspec.MsgspecError as error:
            if not self._has_met_strangers:
                _log.warning("presence_not_understood", why=str(error))
            self._has_met_strangers = True
            return []

    @property
    def _patience(self) -> float:
        return PATIENCE_SECONDS if self._line.is_answering else 0


def _holds(people: Iterable[Person], person: Person) -> bool:
    return any(each.is_same_as(person) for each in people)
