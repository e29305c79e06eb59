"""Reads of canned replies: what is shared, and one's own."""

from typing import Annotated

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.canned.models import EVERYBODY, CannedReply
from csts.canned.schemas import CannedOut, shown
from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound
from csts.kit.paging import Page, decode_cursor, encode_cursor

# Further words narrow down what is narrow already.
SEARCH_WORDS = 8

_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


def usable_by(actor: Actor) -> Select[CannedReply]:
    """What is shared, and what is this agent's own; another's is nobody's business, admins included."""
    return select(CannedReply).where(CannedReply.owner_id.in_((EVERYBODY, actor.id)))


async def page(
    session: AsyncSession, actor: Actor, *, words: list[str], is_shared: bool | None, limit: int, cursor: str | None
) -> Page[CannedOut]:
    """By shortcut; those that hold all words in shortcut, title or text. Raises InvalidInput for a foreign cursor."""
    query = usable_by(actor).where(*(_mentions(word) for word in words[:SEARCH_WORDS]))
    if is_shared is not None:
        query = query.where(CannedReply.owner_id == (EVERYBODY if is_shared else actor.id))
    if cursor:
        shortcut, last_id = decode_cursor(cursor, "canned", [str, _Number])
        after = and_(CannedReply.shortcut == shortcut, CannedReply.id > last_id)
        query = query.where(or_(CannedReply.shortcut > shortcut, after))
    ordered = query.order_by(CannedReply.shortcut, CannedReply.id).limit(limit + 1)
    found = (await session.scalars(ordered)).all()
    more = encode_cursor("canned", [found[limit - 1].shortcut, found[limit - 1].id]) if len(found) > limit else None
    return Page([shown(reply) for reply in found[:limit]], more)


async def get(session: AsyncSession, actor: Actor, reply_id: int, *, lock: bool = False) -> CannedReply:
    """Raises NotFound. With `lock` nobody else changes it before this transaction has ended."""
    query = usable_by(actor).where(CannedReply.id == reply_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    reply = await session.scalar(query)
    if reply is None:
        raise NotFound
    return reply


async def count_of(session: AsyncSession, owner_id: int) -> int:
    counted = select(func.count()).select_from(CannedReply).where(CannedReply.owner_id == owner_id)
    return (await session.scalar(counted)) or 0


def _mentions(word: str) -> ColumnElement[bool]:
    columns = (CannedReply.shortcut, CannedReply.title, CannedReply.text)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
