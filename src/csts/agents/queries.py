"""Reads of agents."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent


async def by_username(session: AsyncSession, username: str) -> Agent | None:
    return (await session.scalars(select(Agent).where(Agent.username == username))).one_or_none()


async def active_by_email(session: AsyncSession, email: str) -> Sequence[Agent]:
    """All whose mailbox this is, by id."""
    query = select(Agent).where(Agent.email == email, Agent.active).order_by(Agent.id)
    return (await session.scalars(query)).all()


async def everybody(session: AsyncSession) -> Sequence[Agent]:
    """All agents by name, the deactivated ones too: history names them."""
    return (await session.scalars(select(Agent).order_by(Agent.name, Agent.id))).all()


async def locked_with_admins(session: AsyncSession, agent_id: int) -> dict[int, Agent]:
    """The agent, if there is one, and all active admins, by id.

    Locked in the order of ids: of two admins who demote each other, one waits and then sees what the other did.
    """
    concerned = or_(Agent.id == agent_id, and_(Agent.role == "admin", Agent.active))
    query = select(Agent).where(concerned).order_by(Agent.id).with_for_update()
    return {agent.id: agent for agent in await session.scalars(query)}
