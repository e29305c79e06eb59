"""What becomes of a task that was given up: it is tried once more, or forgotten."""

from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.actions import About, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.kit.columns import DatabaseTime
from csts.kit.db import announce
from csts.kit.errors import NotFound
from csts.kit.tasks import TASKS, State, StoredTask


async def retry(session: AsyncSession, task_id: int, *, by: Actor) -> str:
    """As if it had never been tried, and at once; the task's name. Raises NotFound.

    Its key has gone to whatever was asked for since, so it may be done beside that.
    """
    task = await _failed(session, task_id)
    task.state, task.attempts, task.tries, task.failed_at = State.WAITING, 0, None, None
    task.due_at = DatabaseTime()
    note(session, by, Act.TASK_RETRIED, About("task", task.id, task.name))
    announce(session, TASKS, task.name)
    return task.name


async def discard(session: AsyncSession, task_id: int, *, by: Actor) -> str:
    """Nobody will do it; the task's name. Raises NotFound."""
    task = await _failed(session, task_id)
    note(session, by, Act.TASK_DISCARDED, About("task", task.id, task.name))
    await session.delete(task)
    return task.name


async def _failed(session: AsyncSession, task_id: int) -> StoredTask:
    """Locked: of two who try it again one finds nothing any more."""
    task = await session.get(StoredTask, task_id, with_for_update=True)
    if task is None or task.state != State.FAILED:
        raise NotFound
    return task
