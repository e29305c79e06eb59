"""Reads of the second factor."""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.factors.models import AgentFactor, RecoveryCode


async def locked(session: AsyncSession, agent_id: int) -> AgentFactor | None:
    """Locked: of two who come with the same code one waits, and finds it used."""
    return await session.get(AgentFactor, agent_id, with_for_update=True, populate_existing=True)


async def confirmed(session: AsyncSession, agent_id: int) -> AgentFactor | None:
    """His factor, if it is on."""
    factor = await session.get(AgentFactor, agent_id)
    return factor if factor and factor.confirmed_at else None


async def codes_left(session: AsyncSession, agent_id: int) -> int:
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.agent_id == agent_id)
    return await session.scalar(counted) or 0


def has_factor() -> ColumnElement[bool]:
    """Of an agent in a query: he has one, and it is confirmed."""
    return exists().where(AgentFactor.agent_id == Agent.id, AgentFactor.confirmed_at.is_not(None))
