"""Reads behind the guards: an account together with the life of its session."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor, ActorKind
from csts.auth.models import TABLES, RefreshToken
from csts.auth.tokens import Claims, expiry
from csts.customers.models import User
from csts.factors.queries import has_factor
from csts.kit import clock
from csts.kit.columns import UtcDateTime

# Nobody reads more of them, and programs may leave thousands.
MOST_SESSIONS = 100


async def locked_account(session: AsyncSession, kind: ActorKind, account_id: int) -> User | Agent | None:
    """The account, locked, if it may sign in."""
    if kind == "customer":
        return await session.get(User, account_id, with_for_update=True)
    agent = await session.get(Agent, account_id, with_for_update=True)
    return agent if agent and agent.active else None


async def actor(session: AsyncSession, claims: Claims, *, by_cookie: bool, wants_factor: bool) -> Actor | None:
    """Who these claims speak for; None when the account or its session is dead. One statement."""
    query = _ACTORS[claims.aud]
    asked = {"account": int(claims.sub), "family": claims.sid, "now": clock.now()}
    found = (await session.execute(query, asked)).one_or_none()
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
        owes_factor=wants_factor and not found.has_factor,
    )


async def is_alive(session: AsyncSession, actor: Actor) -> bool:
    """Whether the session of somebody who was let in still lives."""
    asked = {"account": actor.id, "family": actor.session, "now": clock.now()}
    return (await session.execute(_ACTORS[actor.kind], asked)).one_or_none() is not None


async def sessions_of(session: AsyncSession, kind: ActorKind, account_id: int) -> Sequence[RefreshToken]:
    """The newest token of each living session, the last used first; a hundred at most."""
    table = TABLES[kind]
    newest = select(func.max(table.id)).where(*_living(table, account_id)).group_by(table.family)
    query = select(table).where(table.id.in_(newest)).order_by(table.created_at.desc(), table.id.desc())
    return (await session.scalars(query.limit(MOST_SESSIONS))).all()


async def living_sessions(session: AsyncSession, kind: ActorKind, account_id: int) -> set[str]:
    """The families of this account."""
    table = TABLES[kind]
    return set(await session.scalars(select(table.family).where(*_living(table, account_id)).distinct()))


def _living(table: type[RefreshToken], account_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.owner_id == account_id, table.revoked_at.is_(None), table.expires_at > clock.now()


async def alive_among(session: AsyncSession, kind: ActorKind, families: Collection[str]) -> set[str]:
    """Those of these sessions that still live."""
    table = TABLES[kind]
    alive = select(table.family).where(
        table.family.in_(families), table.revoked_at.is_(None), table.expires_at > clock.now()
    )
    return set(await session.scalars(alive))


def _select_actor(kind: ActorKind) -> Select[*tuple[Any, ...]]:
    table, account = TABLES[kind], Agent if kind == "agent" else User
    is_active = Agent.active if kind == "agent" else true()
    factor = has_factor() if kind == "agent" else true()
    # Looked up for every request, which the signature alone would spare: a sign-out ends access tokens at once.
    is_alive = exists().where(
        table.family == bindparam("family"),
        table.owner_id == account.id,
        table.revoked_at.is_(None),
        table.expires_at > bindparam("now", type_=UtcDateTime),
    )
    found = select(account.id, account.role, account.name, factor.label("has_factor"))
    return found.where(account.id == bindparam("account"), is_active, is_alive)


# Built once: to put a statement together takes as long as to carry it out, and each request asks this one.
_ACTORS = {kind: _select_actor(kind) for kind in TABLES}
