"""What changes an agent's account."""

from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents import queries
from csts.agents.models import Agent
from csts.agents.schemas import AgentChanges
from csts.kit.errors import DomainError, NotFound


class UsernameTaken(DomainError):
    code = "username_taken"
    status = HTTPStatus.CONFLICT
    detail = "Another agent has this username already."


class LastAdmin(DomainError):
    code = "last_admin"
    status = HTTPStatus.CONFLICT
    detail = "This is the last active admin. Make another one first, or nobody can manage agents any more."


async def add_agent(session: AsyncSession, *, username: str, name: str, password_hash: str, role: str) -> Agent:
    """A new agent; `username` in lower case. Raises UsernameTaken."""
    agent = Agent(username=username, name=name, password_hash=password_hash, role=role)
    session.add(agent)
    await _flush(session)
    return agent


async def change_agent(
    session: AsyncSession, agent_id: int, changes: AgentChanges, *, password_hash: str | None
) -> Agent:
    """Set the fields that are given. Raises NotFound, UsernameTaken, LastAdmin."""
    agent = await session.get(Agent, agent_id, with_for_update=True)
    if agent is None:
        raise NotFound
    given = changes.model_dump(exclude_unset=True, exclude={"password"})
    stays_admin = given.get("role", agent.role) == "admin" and given.get("active", agent.active)
    if agent.role == "admin" and agent.active and not stays_admin:
        await _check_other_admins(session, agent)
    for field, value in given.items():
        setattr(agent, field, value)
    agent.password_hash = password_hash or agent.password_hash
    await _flush(session)
    return agent


async def _check_other_admins(session: AsyncSession, agent: Agent) -> None:
    if not await queries.other_admins(session, agent.id):
        raise LastAdmin


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError:
        raise UsernameTaken(errors=[{"field": "username", "message": UsernameTaken.detail}]) from None
