"""Reads of agents."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent


async def by_username(session: AsyncSession, username: str) -> Agent | None:
    return (await session.scalars(select(Agent).where(Agent.username == username))).one_or_none()


async def everybody(session: AsyncSession) -> Sequence[Agent]:
    """All agents by name, the deactivated ones too: history names them."""
    return (await session.scalars(select(Agent).order_by(Agent.name, Agent.id))).all()


async def other_admins(session: AsyncSession, agent_id: int) -> int:
    """How many active admins there are besides this agent."""
    count = select(func.count()).where(Agent.role == "admin", Agent.active, Agent.id != agent_id)
    return await session.scalar(count) or 0
