"""Reads of the audit log."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.models import AuditEntry
from csts.audit.schemas import Entry, Wanted, shown
from csts.kit.columns import MAX_ID
from csts.kit.paging import Page, decode_cursor, encode_cursor

_Id = Annotated[int, msgspec.Meta(ge=1, le=MAX_ID)]


async def page(session: AsyncSession, wanted: Wanted, *, limit: int, cursor: str | None) -> Page[Entry]:
    """The newest first. Raises InvalidInput for a foreign cursor."""
    before = decode_cursor(cursor, "audit", [_Id])[0] if cursor else None
    found = await older(session, wanted, before=before, limit=limit + 1)
    more = encode_cursor("audit", [found[limit - 1].id]) if len(found) > limit else None
    return Page([shown(entry) for entry in found[:limit]], more)


async def older(session: AsyncSession, wanted: Wanted, *, before: int | None, limit: int) -> Sequence[AuditEntry]:
    """Those behind the entry `before`, the newest first."""
    query = _narrowed(select(AuditEntry), wanted)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return (await session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit))).all()


def _narrowed(query: Select[AuditEntry], wanted: Wanted) -> Select[AuditEntry]:
    if wanted.acts:
        query = query.where(AuditEntry.act.in_(wanted.acts))
    if wanted.agent_id is not None:
        query = query.where(AuditEntry.who_kind == "agent", AuditEntry.who_id == wanted.agent_id)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return query
