"""The edges of the process: where what nobody foresaw is logged, and ends nothing but itself."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Self

import structlog

_log = structlog.get_logger()

ASK_AGAIN_SECONDS = 0.5


class Edge:
    """A block whose errors are logged under this name and go no further; `failed` is true after one.

    Only what must go on whatever happens stands in one: a loop that serves everybody, or the telling of many.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.failed = False

    def __enter__(self) -> Self:
        self.failed = False
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        self.failed = isinstance(error, Exception)
        if self.failed:
            _log.error(self._name, exc_info=error)
        return self.failed


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancel these tasks, and again those that are still there: a driver may take a cancellation for a lost line."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=ASK_AGAIN_SECONDS)


async def forever(name: str, turn: Callable[[], Awaitable[None]], *, pause_seconds: float) -> None:
    """Turn after turn until it is cancelled; after one that failed comes a pause."""
    edge = Edge(name)
    while True:
        with edge:
            await turn()
        if edge.failed:
            await asyncio.sleep(pause_seconds)
