"""How every change is kept: a version that counts up, and a revision with what it left and who made it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, inspect
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.kit import clock
from csts.versions.models import Kept, Revision


def change(kept: Kept, given: Mapping[str, Any], by: Actor | None) -> bool:
    """Whether anything is another than it was; if so it is the next version, and needs to be recorded."""
    changes = {field: value for field, value in given.items() if getattr(kept, field) != value}
    for field, value in changes.items():
        setattr(kept, field, value)
    if changes:
        kept.version += 1
        kept.updated_at = clock.now()
        sign(kept, by)
    return bool(changes)


def sign(kept: Kept, by: Actor | None) -> None:
    kept.editor_id, kept.editor_name = (by.id, by.name) if by else (None, None)


async def record(session: AsyncSession, revisions: type[Revision], kept: Iterable[Kept]) -> None:
    """A revision of each, as it is now; in one statement, for an import may hold hundreds."""
    copied = set(inspect(revisions).columns.keys()) - {"id", "at", revisions.OWNER}
    made = [
        {revisions.OWNER: each.id, "at": each.updated_at, **{name: getattr(each, name) for name in copied}}
        for each in kept
    ]
    if made:
        await session.execute(insert(revisions), made)
