"""One answer for all who ask the same at one time, or within some seconds where an older one does no harm."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Shared:
    """Reads of which one at a time is under way for each key; who comes meanwhile shares the next one.

    It begins after he has come, so he is told nothing that was older than his question. This is to reads what a group
    commit is to writes: it has no timer, keeps nothing, and costs nobody anything who asks alone.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._next: dict[Hashable, asyncio.Task[Any]] = {}

    async def __call__(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gives, or raises, to all who share it. The key tells all that its answer depends on."""
        if (reading := self._next.get(key)) is None:
            reading = self._next[key] = asyncio.create_task(self._read(key, read))
            # Where all who asked have gone there is nobody to be told how it ended.
            reading.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        # Whoever gives up leaves the others their answer.
        return await asyncio.shield(reading)

    async def _read(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        while (before := self._running.get(key)) is not None:
            await asyncio.wait([before])
        self._running[key] = self._next.pop(key)
        try:
            return await read()
        finally:
            del self._running[key]


class Kept:
    """Answers that may be some seconds old, such as which way to take to a result that is the same by all of them.

    Those used last are kept, `most` of them.
    """

    def __init__(self, seconds: float, most: int, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._now = now
        self._answers: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    async def __call__(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What `read` gave for this key not long ago, or gives now. An error is not kept."""
        since, answer = self._answers.get(key, (float("-inf"), None))
        if self._now() - since >= self._seconds:
            answer = await read()
            self._answers[key] = self._now(), answer
        self._answers.move_to_end(key)
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
        found: T = answer
        return found
