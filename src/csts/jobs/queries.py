"""What the queue has given up."""

from typing import Annotated

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.jobs.schemas import FailedTask
from csts.kit.columns import MAX_ID
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.kit.tasks import State, StoredTask

_Id = Annotated[int, msgspec.Meta(ge=1, le=MAX_ID)]


async def failed(session: AsyncSession, *, limit: int, cursor: str | None) -> Page[FailedTask]:
    """The newest first. Raises InvalidInput for a foreign cursor."""
    query = select(StoredTask).where(StoredTask.state == State.FAILED)
    if cursor:
        (before,) = decode_cursor(cursor, "failed", [_Id])
        query = query.where(StoredTask.id < before)
    found = (await session.scalars(query.order_by(StoredTask.id.desc()).limit(limit + 1))).all()
    more = encode_cursor("failed", [found[limit - 1].id]) if len(found) > limit else None
    return Page([_told(each) for each in found[:limit]], more)


async def failed_count(session: AsyncSession) -> int:
    counted = select(func.count()).select_from(StoredTask).where(StoredTask.state == State.FAILED)
    return await session.scalar(counted) or 0


def _told(task: StoredTask) -> FailedTask:
    return FailedTask(
        id=task.id,
        name=task.name,
        ticket_id=task.payload.get("ticket_id"),
        tries=task.tries,
        error=task.last_error or "",
        created_at=task.created_at,
        failed_at=task.failed_at or task.created_at,
    )
