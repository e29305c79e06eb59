"""Reads of a history, the newest change first."""

from typing import Annotated, Any, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.versions.models import Revision

T = TypeVar("T")

_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


async def history(
    session: AsyncSession, revisions: type[Revision], owner_id: int, shape: type[T], *, limit: int, cursor: str | None
) -> Page[T]:
    """What it said, in this shape. Raises NotFound, and InvalidInput for a foreign cursor."""
    said: Any = select(revisions).where(getattr(revisions, revisions.OWNER) == owner_id)
    if cursor:
        (before,) = decode_cursor(cursor, "revisions", [_Number])
        said = said.where(revisions.version < before)
    found = (await session.scalars(said.order_by(revisions.version.desc()).limit(limit + 1))).all()
    # Whatever is kept has its first revision.
    if not found and not cursor:
        raise NotFound
    more = encode_cursor("revisions", [found[limit - 1].version]) if len(found) > limit else None
    return Page([msgspec.convert(each, shape, from_attributes=True) for each in found[:limit]], more)
