"""Those who do tasks: a runner with a database of its own, in this process or in one that a test may kill."""

import asyncio
import multiprocessing
from collections.abc import Mapping, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.jobs.tasks import LEASE_SECONDS, Runner
from csts.kit.db import Announcement, Database
from csts.kit.tasks import Bell, Payload, StoredTask, Task, Work, enqueue
from tests.support.database import engine_for
from tests.support.skew import set_ahead

PATIENCE_SECONDS = 60
AN_HOUR = timedelta(hours=1)

_forks = multiprocessing.get_context("forkserver")


class Firm:
    """Does the work of `works` for as long as the block lasts; what is under way at its end is finished."""

    def __init__(
        self, url: str, works: Mapping[str, Work], *, at_once: int = 8, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self.url = url
        self.bell = Bell(self._publish)
        self.published: list[Announcement] = []
        self.database = Database(url, publish=self.bell.publish, reactions={})
        self._runner = Runner(self.database, works, self.bell, at_once=at_once, lease_seconds=lease_seconds)

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._runner.run())
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._runner.close()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._running
        await self.database.close()

    async def ask(self, name: str, payload: Payload | None = None, **more: Any) -> None:
        async with self.database.write() as session:
            await enqueue(session, name, payload or {}, **more)

    async def _publish(self, announced: Sequence[Announcement]) -> None:
        self.published += announced


class Book:
    """Work that writes down what it was given; `until` returns when there are so many lines."""

    def __init__(self) -> None:
        self.lines: list[Task] = []
        self._grew = asyncio.Condition()

    async def write(self, task: Task) -> None:
        async with self._grew:
            self.lines.append(task)
            self._grew.notify_all()

    async def until(self, count: int) -> list[Task]:
        async with asyncio.timeout(PATIENCE_SECONDS), self._grew:
            await self._grew.wait_for(lambda: len(self.lines) >= count)
            return self.lines


async def rows(url: str) -> list[StoredTask]:
    """What is left in the queue, also after a firm has closed."""
    engine = engine_for(url)
    async with AsyncSession(engine) as session:
        found = list((await session.scalars(select(StoredTask).order_by(StoredTask.id))).all())
    await engine.dispose()
    return found


class DoomedFirm:
    """One whose clock is an hour ahead, and which begins a task and never ends it."""

    def __init__(self, url: str, name: str, lease_seconds: float) -> None:
        self._here, there = multiprocessing.Pipe()
        self._process: ForkServerProcess = _forks.Process(
            target=_begin_and_stay, args=(url, name, lease_seconds, there)
        )
        self._process.start()
        there.close()

    def began(self) -> bool:
        """Waits for it."""
        return self._here.poll(PATIENCE_SECONDS) and bool(self._here.recv())

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._here.close()


def _begin_and_stay(url: str, name: str, lease_seconds: float, told: Connection) -> None:
    set_ahead(AN_HOUR)

    async def stay(_task: Task) -> None:
        told.send("begun")
        await asyncio.Event().wait()

    async def run() -> None:
        async with Firm(url, {name: Work(stay)}, lease_seconds=lease_seconds):
            await asyncio.Event().wait()

    asyncio.run(run())
