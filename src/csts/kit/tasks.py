"""The durable queue: work that is written down in the transaction that wants it, and done after its commit.

What a room needs to leave work and to do it. Who runs it is the business of `jobs`; by which statements, of `leases`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import bulk, clock, tracing
from csts.kit.bulk import Program, Query, Rows, Shape, Statement
from csts.kit.carriers import carry_in
from csts.kit.columns import MYSQL_TIME, SQLITE_TIME, DatabaseTime, UtcDateTime, exact_string
from csts.kit.db import Announcement, Base, Publish, announce, rows_changed

# The channel of the process's own bell; nothing of it leaves the process.
TASKS = "tasks"

_MOST_DOUBLINGS = 30

Payload = dict[str, Any]


class State(StrEnum):
    WAITING = "waiting"
    GIVING_UP = "giving_up"
    FAILED = "failed"


class StoredTask(Base):
    """Work that has been asked for and not yet been done; what is done is deleted.

    `due_at` is when a runner may take it: while one has it, that is the end of its lease, so that whatever waits and
    whatever was left behind by a crash is found by the same short range of one index. Failed tasks have none.
    All moments are the database's.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        # In this order, or SQLite would look for what is due by the name, and sort all that it finds.
        # NULL equals nothing: any number of tasks without a key fit under it, on both databases.
        UniqueConstraint("merge_key", "name"),
        Index("ix_tasks_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(exact_string(60))
    # Not `key`, which MySQL has for itself.
    merge_key: Mapped[str | None] = mapped_column(exact_string(120))
    payload: Mapped[Payload] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(exact_string(20))
    attempts: Mapped[int]
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Whose it is now: a word that is new with every claim.
    lease: Mapped[str | None] = mapped_column(exact_string(36))
    # Asked for again while it was under way: when to begin it anew.
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(300))
    # Of what has been given up: after how many attempts, and when it was over.
    tries: Mapped[int | None]
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LeaseLost(Exception):
    """Somebody else has this task by now; nothing that was done under its lease may be committed."""


class Hopeless(Exception):
    """Raised by work that no further attempt can do: the task is given up at once, with these words as its error."""


class Later(Exception):
    """Raised by work that cannot be done yet: it is tried again after so many seconds, and no attempt is counted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class Task:
    """A task as it is handed to whoever does it, under a lease that the runner renews meanwhile."""

    id: int
    name: str
    key: str | None
    payload: Payload
    attempt: int
    is_given_up: bool
    lease: str
    is_finished: bool = field(default=False, init=False)

    async def finish(self, session: AsyncSession) -> None:
        """Done, in the transaction of its effect: of two who believe that they have it only one can commit.

        Raises LeaseLost. Work that does not call it is finished after it has returned.
        """
        if self.is_given_up:
            await self._park(session)
        elif not await self._hit(session, delete(StoredTask).where(StoredTask.again_at.is_(None))):
            again = {"due_at": StoredTask.again_at, "lease": None, "attempts": 0, "again_at": None, "last_error": None}
            if not await self._hit(session, update(StoredTask).values(again)):
                raise LeaseLost(self.name, self.id)
            announce(session, TASKS, self.name)
        self.is_finished = True

    async def change(self, session: AsyncSession, **values: Any) -> None:
        """Set columns of the row and give the lease back. Raises LeaseLost."""
        if not await self._hit(session, update(StoredTask).values(lease=None, **values)):
            raise LeaseLost(self.name, self.id)

    async def _park(self, session: AsyncSession) -> None:
        """Kept for people to see and to try again; what was asked for meanwhile begins as a task of its own."""
        mine = select(StoredTask.again_at, StoredTask.payload).where(
            StoredTask.id == self.id, StoredTask.lease == self.lease
        )
        kept = (await session.execute(mine.with_for_update())).one_or_none()
        over = {"state": State.FAILED, "failed_at": DatabaseTime()}
        await self.change(session, merge_key=None, due_at=None, again_at=None, **over)
        if kept and kept.again_at:
            again = StoredTask(name=self.name, merge_key=self.key, payload=kept.payload, state=State.WAITING)
            again.attempts, again.due_at, again.created_at = 0, kept.again_at, kept.again_at
            session.add(again)
            announce(session, TASKS, self.name)

    async def _hit(self, session: AsyncSession, statement: Any) -> bool:
        mine = statement.where(StoredTask.id == self.id, StoredTask.lease == self.lease)
        result = await session.execute(mine.execution_options(synchronize_session=False))
        return rows_changed(result) == 1


Act = Callable[[Task], Awaitable[None]]


@dataclass(frozen=True)
class Work:
    """How tasks of one name are done. It happens at least once; with `Task.finish` its effect does so exactly once.

    After `most_attempts` the task is given up: `given_up` runs, as durably as the work itself and until it succeeds,
    and the task is kept as failed.
    """

    do: Act
    given_up: Act | None = None
    most_attempts: int = 8
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 300.0
    timeout_seconds: float = 120.0

    def pause_seconds(self, attempt: int) -> float:
        """How long at most after this attempt, which failed, the next one waits; twice as long each time."""
        return min(self.longest_pause_seconds, self.first_pause_seconds * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS))


class Bell:
    """Rings in this process when a transaction has left a task; stands between a database and its `publish`."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._rung = asyncio.Event()

    async def publish(self, announced: Sequence[Announcement]) -> None:
        others = [each for each in announced if each[0] != TASKS]
        if len(others) < len(announced):
            self.ring()
        if others:
            await self._publish(others)

    def ring(self) -> None:
        self._rung.set()

    def hush(self) -> None:
        """Before one looks what there is: what is committed while he looks rings again."""
        self._rung.clear()

    async def heard(self, timeout_seconds: float) -> None:
        """Returns when it rings, or after so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._rung.wait()


class Queue(Shape):
    """A task for each tuple of `(name, key, payload, microseconds from now)`, for programs that go past SQLAlchemy.

    One with the key of a task that waits becomes one with it, with the newer payload, at the earlier moment, unless
    the task waits for its next attempt. One that is under way is done again afterwards. The program's owner rings.
    """

    _COLUMNS = "(name, merge_key, payload, state, attempts, due_at, created_at)"
    _GIVEN = ("name", "merge_key", "payload", "delay")
    _KINDS = bulk.kinds(StoredTask, ("name", "merge_key", "payload", "attempts"))

    def mysql(self, rows: Rows) -> str:
        new = bulk.table_of(self._KINDS, self._GIVEN, rows)
        due = MYSQL_TIME.format("new.delay")
        return (
            f"INSERT INTO tasks {self._COLUMNS} "  # noqa: S608 - the values are literals of `bulk`
            f"SELECT new.name, new.merge_key, new.payload, '{State.WAITING}', 0, {due}, UTC_TIMESTAMP(6) "
            f"FROM ({new}) AS new ON DUPLICATE KEY UPDATE payload = new.payload, {_merged(due, 'LEAST')}"
        )

    def sqlite(self, rows: Rows) -> Query:
        due = SQLITE_TIME.format("new.delay")
        return Query(
            f"INSERT INTO tasks {self._COLUMNS} "  # noqa: S608 - of constants
            f"SELECT new.name, new.merge_key, new.payload, '{State.WAITING}', 0, {due}, {SQLITE_TIME.format('0')} "
            f"FROM ({bulk.given(self._GIVEN)}) AS new WHERE true ON CONFLICT (merge_key, name) "
            f"DO UPDATE SET payload = excluded.payload, {_merged('excluded.due_at', 'MIN')}",
            bulk.plain(self._KINDS, rows),
        )


def _merged(due: str, least: str) -> str:
    under_way = f"tasks.lease IS NOT NULL OR tasks.state = '{State.GIVING_UP}'"
    again = f"{least}(COALESCE(tasks.again_at, {due}), {due})"
    return (
        f"again_at = CASE WHEN {under_way} THEN {again} ELSE tasks.again_at END, "
        # Who asks again must not use up the attempts of one that waits for better times.
        f"due_at = CASE WHEN {under_way} OR tasks.attempts > 0 THEN tasks.due_at ELSE {least}(tasks.due_at, {due}) END"
    )


_queue = Queue()


async def enqueue(
    session: AsyncSession, name: str, payload: Payload, *, key: str | None = None, run_at: datetime | None = None
) -> None:
    """Have it done once this transaction has been committed, and never if it is not; not before `run_at`.

    The same `key` pending: merged, see `Queue`. `run_at` is a moment of this process's clock.
    """
    # Told as a distance, for the database may have another time.
    delay = max(0, round((run_at - clock.now()).total_seconds() * 1_000_000)) if run_at else 0
    await carry_in(session, _one(_queue([(name, key, payload | tracing.origin(), delay)])))
    announce(session, TASKS, name)


def _one(statement: Statement) -> Program[None]:
    yield [statement]
