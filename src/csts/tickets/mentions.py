"""Whom internal notes have called to which tickets, and who has not read that yet; no customer hears of it."""

from collections.abc import Collection

from sqlalchemy import false, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import rows_changed
from csts.kit.indexes import by_index
from csts.tickets.models import Mention


async def unseen(session: AsyncSession, agent_ids: Collection[int]) -> dict[int, int]:
    """In how many tickets each of these agents is mentioned and has not read it; who has none is left out."""
    # Compared with a value: of IS FALSE MySQL asks no index.
    waits = Mention.agent_id.in_(agent_ids) & (Mention.seen == false())
    counted = select(Mention.agent_id, func.count().label("waiting")).where(waits).group_by(Mention.agent_id)
    found = await session.execute(by_index(counted, Mention, "ix_mentions_agent_id_seen"))
    return {row.agent_id: row.waiting for row in found}


async def see(session: AsyncSession, ticket_id: int, agent_id: int, seq: int) -> bool:
    """He has read the thread up to `seq`; whether a mention of his stands there that was new to him."""
    is_his = (Mention.ticket_id == ticket_id) & (Mention.agent_id == agent_id)
    now_seen = update(Mention).where(is_his, Mention.seq <= seq, Mention.seen == false()).values(seen=true())
    result = await session.execute(now_seen.execution_options(synchronize_session=False))
    return rows_changed(result) > 0
