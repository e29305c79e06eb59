"""Accounts over HTTP: signing up, oneself, and the agents that an admin makes."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Request
from sqlalchemy import select

from csts.agents import actions as agent_actions
from csts.agents import queries as agent_queries
from csts.agents.models import Agent
from csts.agents.schemas import AgentChanges, AgentOut, NewAgent
from csts.auth import actions
from csts.auth.actor import Actor
from csts.auth.events import STAFF
from csts.auth.guards import AdminActor, AgentActor, BareAgentActor, CustomerActor
from csts.auth.letters import send_confirmation, tell_agent
from csts.auth.passwords import check_new_password, passwords_of
from csts.auth.schemas import Myself
from csts.customers import actions as customer_actions
from csts.customers.models import User
from csts.customers.schemas import CustomerOut, Registration
from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import Reading, database_of
from csts.kit.throttle import client_address, throttle_of

# Not in the rooms of agents and customers: the guards that every door here needs stand above those.
router = APIRouter(tags=["Accounts"])

_log = structlog.get_logger()

AgentId = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.post(
    "/user/register",
    status_code=201,
    responses=problems(customer_actions.EmailTaken, TooManyRequests),
    summary="Sign up",
)
async def register(request: Request, form: Registration) -> CustomerOut:
    check_new_password(form.password, about=(form.email, form.email.split("@")[0], form.name))
    limit = request.app.state.settings.limit_register
    # Counted behind the checks that cost nothing: who mistypes three times has not signed up three times.
    await throttle_of(request).hit(limit, "register", client_address(request))
    # Hashed outside of any transaction: it is slow on purpose, and nothing may wait for it.
    password_hash = await _hashed(request, form.password)
    async with database_of(request).write() as session:
        user = await customer_actions.register(session, name=form.name, email=form.email, password_hash=password_hash)
        await send_confirmation(request, session, user)
    return CustomerOut.model_validate(user)


@router.get("/user/me", response_model_exclude_none=True, summary="Who am I, as a customer?")
async def show_customer(actor: CustomerActor, session: Reading) -> Myself:
    user = await session.get_one(User, actor.id)
    return Myself(kind="customer", id=user.id, name=user.name, role="customer", email=user.email)


@router.get("/agent/me", response_model_exclude_none=True, summary="Who am I, as an agent?")
async def show_agent(actor: BareAgentActor, session: Reading) -> Myself:
    agent = await session.get_one(Agent, actor.id)
    return Myself(kind="agent", id=agent.id, name=agent.name, role=actor.role, username=agent.username)


@router.get("/agents", response_model_exclude_none=True, summary="List all agents")
async def list_agents(request: Request, actor: AgentActor, session: Reading) -> list[AgentOut]:
    """For handing over: all agents by name, and who is online."""
    online = await _online(request)
    return [_shown(agent, online, to=actor) for agent in await agent_queries.everybody(session)]


@router.post(
    "/agents",
    status_code=201,
    response_model_exclude_none=True,
    responses=problems(agent_actions.UsernameTaken),
    summary="Make an agent's account",
)
async def create_agent(request: Request, form: NewAgent, actor: AdminActor) -> AgentOut:
    check_new_password(form.password, about=(form.username, form.name))
    password_hash = await _hashed(request, form.password)
    async with database_of(request).write() as session:
        agent = await agent_actions.add_agent(
            session, username=form.username, name=form.name, password_hash=password_hash, role=form.role, by=actor
        )
        agent.active, agent.email = form.active, form.email
    _log.info("agent_made", id=agent.id, role=agent.role, by=actor.id)
    return _shown(agent, await _online(request), to=actor)


@router.put(
    "/agents/{agent_id}",
    response_model_exclude_none=True,
    responses=problems(NotFound, agent_actions.UsernameTaken, agent_actions.LastAdmin),
    summary="Change an agent's account",
)
async def put_agent(request: Request, agent_id: AgentId, changes: AgentChanges, actor: AdminActor) -> AgentOut:
    """Only the fields that are given change. Deactivating, or a new password, ends all sessions and sockets."""
    password_hash = await _new_password(request, agent_id, changes) if "password" in changes.model_fields_set else None
    async with database_of(request).write() as session:
        before = await session.scalar(select(Agent.email).where(Agent.id == agent_id))
        agent = await agent_actions.change_agent(session, agent_id, changes, password_hash=password_hash, by=actor)
        if not agent.active or password_hash:
            await actions.end_sessions(session, "agent", agent.id, reason="the account was changed by an admin")
        if password_hash and agent.id != actor.id:
            await tell_agent(request, session, agent, "password_set")
        if before and before != agent.email and agent.id != actor.id:
            await tell_agent(request, session, agent, "email_set", to=before)
    _log.info("agent_changed", id=agent.id, by=actor.id, fields=sorted(changes.model_fields_set), active=agent.active)
    return _shown(agent, await _online(request), to=actor)


async def _new_password(request: Request, agent_id: int, changes: AgentChanges) -> str:
    """The hash of the password to set. Raises NotFound, InvalidInput."""
    # Read apart from the change, so that nothing is locked while the hash is worked out.
    async with database_of(request).read() as session:
        agent = await session.get(Agent, agent_id)
    if agent is None:
        raise NotFound
    check_new_password(changes.password, about=(agent.username, agent.name, changes.username, changes.name))
    return await _hashed(request, changes.password)


async def _hashed(request: Request, password: str) -> str:
    return await passwords_of(request).hash(password)


async def _online(request: Request) -> set[int]:
    return {person.id for person in await request.app.state.broker.present(STAFF)}


def _shown(agent: Agent, online: set[int], *, to: Actor) -> AgentOut:
    shown = AgentOut.model_validate(agent)
    shown.online = agent.id in online
    shown.email = agent.email if to.role == "admin" else None
    return shown
