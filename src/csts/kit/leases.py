"""Who has which task, and until when: what a runner asks of the queue, each in a short transaction of its own."""

from collections.abc import Collection, Sequence
from uuid import uuid4

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit import metrics
from csts.kit.columns import DatabaseTime
from csts.kit.db import Database, rows_changed
from csts.kit.tasks import State, StoredTask, Task

MAX_ERROR = 300


async def seconds_to_next(session: AsyncSession, names: Collection[str]) -> float | None:
    """How long until there may be something to claim, zero or less if there is already; None when nothing waits."""
    first = (
        select(StoredTask.due_at, DatabaseTime())
        .where(StoredTask.due_at.is_not(None), StoredTask.name.in_(names))
        .order_by(StoredTask.due_at)
        .limit(1)
    )
    row = (await session.execute(first)).one_or_none()
    return (row[0] - row[1]).total_seconds() if row and row[0] else None


async def claim(session: AsyncSession, names: Collection[str], *, limit: int, lease_seconds: float) -> Sequence[Task]:
    """Take what is due, the longest waiting first; what others are just taking is passed over."""
    due = (
        select(StoredTask)
        .where(StoredTask.due_at <= DatabaseTime(), StoredTask.name.in_(names))
        .order_by(StoredTask.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = (await session.scalars(due)).all()
    if not rows:
        return []
    lease = str(uuid4())
    await session.execute(
        update(StoredTask)
        .where(StoredTask.id.in_([row.id for row in rows]))
        # Counted now: work that kills its process must not be tried for ever.
        .values(lease=lease, attempts=StoredTask.attempts + 1, due_at=DatabaseTime(lease_seconds))
        .execution_options(synchronize_session=False)
    )
    return [
        Task(
            id=row.id,
            name=row.name,
            key=row.merge_key,
            payload=row.payload,
            attempt=row.attempts + 1,
            is_given_up=row.state == State.GIVING_UP,
            lease=lease,
        )
        for row in rows
    ]


async def renew(session: AsyncSession, task: Task, lease_seconds: float) -> bool:
    """Whether it is still its holder's, for so much longer."""
    result = await session.execute(
        update(StoredTask)
        .where(StoredTask.id == task.id, StoredTask.lease == task.lease)
        .values(due_at=DatabaseTime(lease_seconds))
    )
    return rows_changed(result) == 1


async def postpone(session: AsyncSession, task: Task, seconds: float) -> None:
    """Not now, and not counted as an attempt. Raises LeaseLost."""
    await task.change(session, due_at=DatabaseTime(seconds), attempts=StoredTask.attempts - 1)


async def retry(session: AsyncSession, task: Task, seconds: float, error: str) -> None:
    """It failed, and is tried again. Raises LeaseLost."""
    await task.change(session, due_at=DatabaseTime(seconds), last_error=error[:MAX_ERROR])


async def give_up(session: AsyncSession, task: Task, tries: int, error: str) -> None:
    """It is not tried any more; that somebody hears of it is work of its own. Raises LeaseLost."""
    told = {"tries": tries, "last_error": error[:MAX_ERROR]}
    await task.change(session, due_at=DatabaseTime(), state=State.GIVING_UP, attempts=0, **told)


async def release(session: AsyncSession, tasks: Collection[Task]) -> None:
    """Give back what this process will not end, so that others go on at once; whatever is lost already is left."""
    await session.execute(
        update(StoredTask)
        .where(StoredTask.id.in_([task.id for task in tasks]), StoredTask.lease.in_([task.lease for task in tasks]))
        .values(lease=None, due_at=DatabaseTime(), attempts=StoredTask.attempts - 1)
        .execution_options(synchronize_session=False)
    )


async def measure(database: Database) -> None:
    """Set what /metrics tells of the queue: it is the same for all processes, so whoever is asked looks."""
    waits = case((StoredTask.lease.is_(None), StoredTask.due_at))
    async with database.read() as session:
        now = await session.scalar(select(DatabaseTime()))
        rows = await session.execute(
            select(StoredTask.name, StoredTask.state, func.count(), func.min(waits)).group_by(
                StoredTask.name, StoredTask.state
            )
        )
        found = rows.all()
    for gauge in (metrics.TASKS_KEPT, metrics.TASKS_OLDEST):
        gauge.clear()
    for name, state, count, oldest in found:
        metrics.TASKS_KEPT.labels(name, state).set(count)
        late = (now - oldest).total_seconds() if now and oldest else 0
        metrics.TASKS_OLDEST.labels(name, state).set(max(0, late))
