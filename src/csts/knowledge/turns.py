"""Everybody who writes knowledge takes turns, so that nobody's change is lost in another's."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.knowledge.models import KnowledgeState
from csts.knowledge.queries import ONLY_STATE


async def take_turn(session: AsyncSession) -> KnowledgeState:
    """Wait until nobody else writes knowledge; the row is locked to the end of the transaction."""
    query = select(KnowledgeState).where(KnowledgeState.id == ONLY_STATE).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()
