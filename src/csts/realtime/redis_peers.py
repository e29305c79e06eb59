"""The other processes, by their heartbeat in Redis: who is silent, who has died, who told what nobody heard."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from redis.exceptions import ResponseError

from csts.realtime.redis_line import Line
from csts.realtime.redis_presence import RedisPresence
from csts.realtime.redis_scripts import BEAT, BURY, FORGET, MISSED, PROCESSES, here_key, places_key

_log = structlog.get_logger()

BEAT_SECONDS = 1.0
# Some beats may be late before anybody is called silent: at full load a process is late itself.
SILENT_BEATS = 4


class RedisPeers:
    """Renews the lease of this process, and looks after those of the others.

    `missed` is called when something was told that this process may not have heard.
    """

    def __init__(self, line: Line, presence: RedisPresence, process: str, lease: float) -> None:
        self._line = line
        self._presence = presence
        self._process = process
        self._lease = lease
        # Faster where leases are short, which they are in tests.
        self._pulse = min(BEAT_SECONDS, lease / 5)
        self._unsaid = 0
        self._heard_of: int | None = None
        self._is_refused = False
        self.has_silent_one = False

    def note(self, answer: asyncio.Future[object]) -> None:
        """Called with the answer to each thing told: the others have to be warned of one that did not get through."""
        if answer.cancelled() or answer.exception():
            self._unsaid += 1

    async def watch(self, missed: Callable[[], None], moved: Callable[[str], Awaitable[None]]) -> None:
        """Beat until the line breaks; `moved` is called with each channel whose people may be others now."""
        while True:
            await asyncio.sleep(self._pulse)
            try:
                channels = await self._beat(missed)
            except ResponseError as refusal:
                self._note_refusal(refusal)
            else:
                for channel in channels:
                    await moved(channel)

    async def beat_first(self) -> list[str]:
        """Make this process and its people known; the channels with somebody on them. Raises one of FAULTS."""
        # The connection is new: what was said meanwhile is an interruption in any case.
        self._heard_of = None
        try:
            await self._beat(lambda: None)
            return await self._presence.register()
        except ResponseError as refusal:
            self._note_refusal(refusal)
            return []

    async def withdraw(self) -> None:
        """Leave for good, and at once. Raises one of FAULTS."""
        self._line.ask("ZREM", PROCESSES, self._process)
        await self._forget(FORGET, self._process)

    async def _beat(self, missed: Callable[[], None]) -> list[str]:
        unsaid = self._unsaid
        times = int(self._lease * 1000), int(SILENT_BEATS * self._pulse * 1000)
        answer = await self._line.ask("EVAL", BEAT, 2, PROCESSES, MISSED, self._process, *times, unsaid)
        # Only now: to warn twice does no harm, and not to warn does.
        self._unsaid -= unsaid
        was_known, told, silent, dead = answer
        self._note_healing()
        if self._heard_of not in {None, told} or (self.has_silent_one and not silent):
            missed()
        self._heard_of, self.has_silent_one = told, bool(silent)
        channels = [channel for process in dead for channel in await self._forget(BURY, process.decode())]
        if not (was_known and self._presence.is_registered):
            channels += await self._presence.register()
        return channels

    async def _forget(self, script: str, process: str) -> list[str]:
        keys = PROCESSES, places_key(process)
        return [each.decode() for each in await self._line.ask("EVAL", script, 2, *keys, process, here_key(""))]

    def _note_refusal(self, refusal: ResponseError) -> None:
        """A full Redis still carries what is told, and writes nothing down: presence is that of this process then."""
        self._presence.is_registered = self.has_silent_one = False
        if not self._is_refused:
            _log.warning("presence_is_local", why=str(refusal))
        self._is_refused = True

    def _note_healing(self) -> None:
        if self._is_refused:
            _log.info("presence_is_shared_again")
        self._is_refused = False
