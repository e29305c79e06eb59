"""What changes an agent's account."""

from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents import queries
from csts.agents.models import Agent
from csts.agents.schemas import AgentChanges
from csts.audit.actions import About, Someone, note
from csts.audit.models import Act
from csts.kit.errors import DomainError, NotFound


class UsernameTaken(DomainError):
    code = "username_taken"
    status = HTTPStatus.CONFLICT
    detail = "Another agent has this username already."


class LastAdmin(DomainError):
    code = "last_admin"
    status = HTTPStatus.CONFLICT
    detail = "This is the last active admin. Make another one first, or nobody can manage agents any more."


async def add_agent(
    session: AsyncSession, *, username: str, name: str, password_hash: str, role: str, by: Someone | None
) -> Agent:
    """A new agent; `username` in lower case. Raises UsernameTaken."""
    agent = Agent(username=username, name=name, password_hash=password_hash, role=role)
    session.add(agent)
    await _flush(session)
    note(session, by, Act.AGENT_ADDED, about(agent), role=role)
    return agent


async def change_agent(
    session: AsyncSession, agent_id: int, changes: AgentChanges, *, password_hash: str | None, by: Someone | None
) -> Agent:
    """Set the fields that are given. Raises NotFound, UsernameTaken, LastAdmin."""
    concerned = await queries.locked_with_admins(session, agent_id)
    agent = concerned.get(agent_id)
    if agent is None:
        raise NotFound
    was_admin = agent.is_active_admin
    given = changes.model_dump(exclude_unset=True, exclude={"password"})
    others = {field: value for field, value in given.items() if getattr(agent, field) != value}
    for field, value in others.items():
        setattr(agent, field, value)
    if was_admin and not any(each.is_active_admin for each in concerned.values()):
        raise LastAdmin
    await _flush(session)
    if others:
        note(session, by, Act.AGENT_CHANGED, about(agent), **others)
    if password_hash:
        set_password(session, agent, password_hash, by=by)
    return agent


def set_password(session: AsyncSession, agent: Agent, password_hash: str, *, by: Someone | None) -> None:
    agent.password_hash = password_hash
    note(session, by, Act.PASSWORD_SET, about(agent))


def about(agent: Agent) -> About:
    """How the audit log names an agent."""
    return About("agent", agent.id, agent.name)


async def _flush(session: AsyncSession) -> None:
    # The database judges, for of two that look beforehand at the same moment both would find the name free.
    try:
        await session.flush()
    except IntegrityError:
        raise UsernameTaken(errors=[{"field": "username", "message": UsernameTaken.detail}]) from None
