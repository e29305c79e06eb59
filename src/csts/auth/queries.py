"""Reads behind the guards: an account together with the life of its session."""

from sqlalchemy import exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor, ActorKind
from csts.auth.models import TABLES
from csts.auth.tokens import Claims, expiry
from csts.customers.models import User
from csts.kit import clock


async def locked_account(session: AsyncSession, kind: ActorKind, account_id: int) -> User | Agent | None:
    """The account, locked, if it may sign in."""
    if kind == "customer":
        return await session.get(User, account_id, with_for_update=True)
    agent = await session.get(Agent, account_id, with_for_update=True)
    return agent if agent and agent.active else None


async def actor(session: AsyncSession, claims: Claims, *, by_cookie: bool) -> Actor | None:
    """Who these claims speak for; None when the account or its session is dead. One statement."""
    table = TABLES[claims.aud]
    account = Agent if claims.aud == "agent" else User
    is_active = Agent.active if claims.aud == "agent" else true()
    # Looked up for every request, which the signature alone would spare: a sign-out ends access tokens at once.
    is_alive = exists().where(
        table.family == claims.sid,
        table.owner_id == account.id,
        table.revoked_at.is_(None),
        table.expires_at > clock.now(),
    )
    query = select(account.id, account.role, account.name).where(account.id == int(claims.sub), is_active, is_alive)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        return None
    return Actor(
        kind=claims.aud,
        id=found.id,
        role=found.role,
        name=found.name,
        session=claims.sid,
        expires_at=expiry(claims),
        by_cookie=by_cookie,
    )
