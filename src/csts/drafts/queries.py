"""Reads of one's own drafts, in the tickets that one may see."""

from typing import Annotated, Any

import msgspec
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.drafts.models import Draft
from csts.drafts.schemas import DraftOut, Kind
from csts.kit.columns import MAX_ID
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.tickets import queries as ticket_queries
from csts.tickets.models import Ticket

_KEY: list[Any] = [Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)], Kind]


async def of_ticket(session: AsyncSession, actor: Actor, ticket_id: int) -> list[DraftOut]:
    """The note before the reply, where there are both. Raises NotFound."""
    await ticket_queries.get(session, actor, ticket_id)
    mine = _mine(actor).where(Draft.ticket_id == ticket_id).order_by(Draft.kind)
    return [_shown(row) for row in await session.scalars(mine)]


async def page(session: AsyncSession, actor: Actor, *, limit: int, cursor: str | None) -> Page[DraftOut]:
    """All of one's drafts, those in the newest tickets first. Raises InvalidInput for a cursor of another list."""
    visible = ticket_queries.visible_to(actor).with_only_columns(Ticket.id)
    mine = _mine(actor).where(Draft.ticket_id.in_(visible))
    if cursor:
        ticket_id, kind = decode_cursor(cursor, "drafts", _KEY)
        mine = mine.where(or_(Draft.ticket_id < ticket_id, and_(Draft.ticket_id == ticket_id, Draft.kind < kind)))
    rows = await session.scalars(mine.order_by(Draft.ticket_id.desc(), Draft.kind.desc()).limit(limit + 1))
    found = [_shown(row) for row in rows]
    shown = found[:limit]
    more = encode_cursor("drafts", [shown[-1].ticket_id, shown[-1].kind]) if len(found) > limit else None
    return Page(shown, more)


def _mine(actor: Actor) -> Select[Draft]:
    return select(Draft).where(Draft.writer_kind == actor.kind, Draft.writer_id == actor.id)


def _shown(row: Draft) -> DraftOut:
    return DraftOut(row.ticket_id, row.kind, row.content, row.after, row.updated_at)  # type: ignore[arg-type]  # a stored Kind
