"""The broker of many processes: each hears the others through Redis, and goes on without them when it is gone."""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from types import UnionType
from typing import Any

import msgspec
import structlog

from csts.kit.edge import Edge, end
from csts.realtime.broker import Subscriber
from csts.realtime.events import Event
from csts.realtime.local import LocalBroker
from csts.realtime.people import Person
from csts.realtime.redis_line import FAULTS, Line
from csts.realtime.redis_peers import RedisPeers
from csts.realtime.redis_presence import RedisPresence
from csts.realtime.redis_scripts import PREFIX

_log = structlog.get_logger()

LEASE_SECONDS = 15.0
PATIENCE_SECONDS = 1.0
GREETING_SECONDS = 10.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
# Before each payload stands who sent it, so that a process knows its own without reading on.
_NAME_BYTES = 8

Moved = Callable[[str], Awaitable[None]]


class RedisBroker:
    """Delivers to its own subscribers at once, and to those of other processes by way of Redis. See `Broker`.

    `kinds` is the union of all events that may be announced. `on_presence_moved` is called with a channel whose
    people may be others now without anybody having come or gone here: a process has died, or is back.
    """

    def __init__(
        self,
        url: str,
        *,
        kinds: UnionType | type[Event],
        on_presence_moved: Moved | None = None,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._name = secrets.token_bytes(_NAME_BYTES)
        self._local = LocalBroker()
        self._ear = Line(url, hear=self._hear)
        self._voice = Line(url)
        # What is published knows no databases: without the number, two desks on one Redis would hear each other.
        self._prefix = f"{PREFIX}{self._voice.database}:"
        process = self._name.hex()
        self._presence = RedisPresence(self._voice, self._local, process)
        self._peers = RedisPeers(self._voice, self._presence, process, lease_seconds)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(list[kinds]).decode  # type: ignore[valid-type]  # known while it runs
        self._edge = Edge("moving_failed")
        self._tell_moved = on_presence_moved or _tell_nobody
        self._moved: dict[str, None] = {}
        self._has_moved = asyncio.Event()
        self._heard: dict[str, asyncio.Future[Any]] = {}
        self._late: set[asyncio.Future[Any]] = set()
        self._refused: set[str] = set()
        self._has_refused = asyncio.Event()
        self._is_up = asyncio.Event()
        self._why_down = "not connected yet"
        self._keeper: asyncio.Task[None] | None = None
        self.interruptions = 0

    @property
    def hears_others(self) -> bool:
        is_whole = self._is_up.is_set() and self._ear.is_answering
        return is_whole and not self._late and not self._refused and not self._peers.has_silent_one

    async def start(self) -> None:
        """Returns when Redis answers, or after a second without it: the desk opens in any case."""
        self._keeper = asyncio.create_task(self._keep())
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._is_up.wait()

    async def close(self) -> None:
        if self._is_up.is_set():
            with suppress(*FAULTS):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    # Answered in order: what was published before has arrived as well.
                    await self._peers.withdraw()
        if self._keeper:
            await end([self._keeper])

    async def check(self) -> None:
        """Raises ConnectionError or TimeoutError when Redis does not answer."""
        if not self._is_up.is_set():
            raise ConnectionError(self._why_down)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(self._ear.ask("PING"), self._voice.ask("PING"))

    async def publish(self, announcements: Sequence[tuple[str, Event]]) -> None:
        # First, and without a wait: the acknowledgement of the sender is among them. Nor is Redis waited for: who
        # could not be told is warned by the next heartbeat.
        await self._local.publish(announcements)
        by_channel: dict[str, list[Event]] = {}
        for channel, event in announcements:
            by_channel.setdefault(channel, []).append(event)
        for channel, events in by_channel.items():
            answer = self._voice.ask("PUBLISH", self._prefix + channel, self._name + self._encode(events))
            answer.add_done_callback(self._peers.note)

    async def subscribe(self, channel: str, subscriber: Subscriber) -> None:
        await self._local.subscribe(channel, subscriber)
        if channel not in self._heard:
            self._ask_to_hear(channel)
        confirmed = self._heard[channel]
        try:
            async with asyncio.timeout(PATIENCE_SECONDS if self._ear.is_answering else 0):
                await asyncio.shield(confirmed)
        except FAULTS:
            # A line that broke or refused subscribes again, and counts as an interruption then. A slow one does here.
            if not confirmed.done() and confirmed not in self._late:
                self._late.add(confirmed)
                confirmed.add_done_callback(self._note_late)

    async def unsubscribe(self, channel: str, subscriber: Subscriber) -> None:
        await self._local.unsubscribe(channel, subscriber)
        if channel in self._heard and not self._local.is_heard(channel):
            self._late.discard(self._heard.pop(channel))
            self._refused.discard(channel)
            self._ear.ask("UNSUBSCRIBE", self._prefix + channel)

    async def enter(self, channel: str, person: Person) -> bool:
        return await self._presence.enter(channel, person)

    async def leave(self, channel: str, person: Person) -> bool:
        return await self._presence.leave(channel, person)

    async def present(self, channel: str) -> list[Person]:
        return await self._presence.present(channel)

    async def _hear(self, channel: bytes, payload: bytes) -> None:
        if payload.startswith(self._name):
            return
        try:
            events = self._decode(payload[_NAME_BYTES:])
        except msgspec.MsgspecError as error:
            # Of another release, in the minutes of a deployment: what it told of is read from the database then.
            _log.warning("event_not_understood", why=str(error))
            self._note_interruption()
            return
        name = channel.decode().removeprefix(self._prefix)
        await self._local.publish([(name, event) for event in events])

    async def _keep(self) -> None:
        pause = SHORTEST_PAUSE
        is_known = False
        while True:
            # Gathered, because nothing but being cancelled may end this: the desk would hear of no other again.
            (fault,) = await asyncio.gather(self._live(), return_exceptions=True)
            was_up = self._is_up.is_set()
            self._is_up.clear()
            self._why_down = _first(fault)
            unforeseen = _unforeseen(fault)
            if was_up or unforeseen or not is_known:
                _log.warning("broker_lost", why=self._why_down, exc_info=unforeseen)
            is_known = True
            pause = SHORTEST_PAUSE if was_up and not unforeseen else min(LONGEST_PAUSE, pause * 2)
            # Not all processes at once, when Redis is back.
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads a load, guards nothing

    async def _live(self) -> None:
        """From one connection to its end. Raises one of FAULTS, or a group of them."""
        try:
            await self._voice.open()
            await self._ear.open()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._voice.run())
                group.create_task(self._ear.run())
                async with asyncio.timeout(GREETING_SECONDS):
                    await self._greet()
                group.create_task(self._ask_again())
                group.create_task(self._tell_of_presence())
                await self._peers.watch(self._note_interruption, self._note_moved)
        finally:
            await self._voice.close()
            await self._ear.close()

    async def _greet(self) -> None:
        """Hear again what is listened to, make oneself known, and only then say that all is well."""
        was_listening = bool(self._heard)
        self._refused.clear()
        # One that nobody publishes to: where listening is forbidden, it is found out here.
        hello = self._ear.ask("SUBSCRIBE", self._prefix + "hello")
        for channel in self._heard:
            self._ask_to_hear(channel)
        # What the line could not take at once is asked again beside all else.
        await asyncio.gather(hello, *(each for each in self._heard.values() if not each.done()))
        for channel in await self._peers.beat_first():
            await self._note_moved(channel)
        self._is_up.set()
        if was_listening:
            self._note_interruption()
        _log.info("broker_connected")

    def _ask_to_hear(self, channel: str) -> None:
        answer = self._heard[channel] = self._ear.ask("SUBSCRIBE", self._prefix + channel)
        if answer.done():
            self._note_answer(channel, answer)
        else:
            answer.add_done_callback(partial(self._note_answer, channel))

    def _note_answer(self, channel: str, answer: asyncio.Future[Any]) -> None:
        if self._heard.get(channel) is not answer:
            return
        if answer.cancelled() or answer.exception():
            self._refused.add(channel)
            self._has_refused.set()
        elif channel in self._refused:
            self._refused.discard(channel)
            self._note_interruption()

    async def _ask_again(self) -> None:
        """A line on which too many questions wait refuses one more, and does not break for it."""
        while True:
            await self._has_refused.wait()
            await asyncio.sleep(SHORTEST_PAUSE)
            self._has_refused.clear()
            for channel in tuple(self._refused):
                self._ask_to_hear(channel)

    def _note_interruption(self) -> None:
        self.interruptions += 1

    def _note_late(self, confirmed: asyncio.Future[Any]) -> None:
        self._late.discard(confirmed)
        self._note_interruption()

    async def _note_moved(self, channel: str) -> None:
        self._moved[channel] = None
        self._has_moved.set()

    async def _tell_of_presence(self) -> None:
        while True:
            await self._has_moved.wait()
            self._has_moved.clear()
            while self._moved:
                channel = next(iter(self._moved))
                del self._moved[channel]
                with self._edge:
                    await self._tell_moved(channel)


async def _tell_nobody(_channel: str) -> None:
    pass


def _first(fault: BaseException | None) -> str:
    """The sentence of the first fault; the others are what it has brought about."""
    while isinstance(fault, BaseExceptionGroup):
        fault = fault.exceptions[0]
    return str(fault or "") or "Redis does not answer"


def _unforeseen(fault: BaseException | None) -> BaseException | None:
    """What is no fault of Redis, and has to be looked into."""
    if isinstance(fault, BaseExceptionGroup):
        return fault.split(FAULTS)[1]
    return None if isinstance(fault, FAULTS) else fault
