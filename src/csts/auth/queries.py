"""Reads behind the guards: an account together with the life of its session."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, String, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.actor import Actor, ActorKind, Role
from csts.auth.models import TABLES, RefreshToken
from csts.auth.tokens import Claims, expiry
from csts.customers.models import User
from csts.factors.queries import has_factor
from csts.kit import clock
from csts.kit.columns import UtcDateTime
from csts.kit.db import Database
from csts.kit.lookups import Lookup, asked

# Nobody reads more of them, and programs may leave thousands.
MOST_SESSIONS = 100


async def locked_account(session: AsyncSession, kind: ActorKind, account_id: int) -> User | Agent | None:
    """The account, locked, if it may sign in."""
    if kind == "customer":
        return await session.get(User, account_id, with_for_update=True)
    agent = await session.get(Agent, account_id, with_for_update=True)
    return agent if agent and agent.active else None


async def actor(
    database: Database, claims: Claims, *, by_cookie: bool, wants_factor: bool, address: str
) -> Actor | None:
    """Who these claims speak for; None when the account or its session is dead. One statement."""
    for found in await _living_account(database, claims.aud, int(claims.sub), claims.sid):
        return Actor(
            kind=claims.aud,
            id=found.id,
            role=found.role,
            name=found.name,
            session=claims.sid,
            expires_at=expiry(claims),
            by_cookie=by_cookie,
            owes_factor=wants_factor and not found.has_factor,
            address=address,
        )
    return None


async def is_alive(database: Database, actor: Actor) -> bool:
    """Whether the session of somebody who was let in still lives."""
    return bool(await _living_account(database, actor.kind, actor.id, actor.session))


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
    return set(await session.scalars(alive_sessions(kind).where(TABLES[kind].family.in_(families))))


def alive_sessions(kind: ActorKind) -> Select[str]:
    """The families that live now, each once for each of its tokens; to be narrowed."""
    table = TABLES[kind]
    return select(table.family).where(table.revoked_at.is_(None), table.expires_at > clock.now())


class _Account(msgspec.Struct, array_like=True):
    """An account that may sign in, and whose session lives."""

    id: int
    role: Role
    name: str
    has_factor: bool


async def _living_account(database: Database, kind: ActorKind, account_id: int, family: str) -> list[_Account]:
    return await database.shared(
        (_ACCOUNT, kind, account_id, family),
        lambda: database.look_up(_ACCOUNT, kind, account=account_id, family=family, now=clock.now()),
    )


def _select_account(kind: ActorKind) -> Select[*tuple[Any, ...]]:
    table, account = TABLES[kind], Agent if kind == "agent" else User
    is_active = Agent.active if kind == "agent" else true()
    factor = has_factor() if kind == "agent" else true()
    # Looked up for every request, which the signature alone would spare: a sign-out ends access tokens at once.
    is_alive = exists().where(
        table.family == asked("family", String),
        table.owner_id == account.id,
        table.revoked_at.is_(None),
        table.expires_at > asked("now", UtcDateTime),
    )
    found = select(account.id, account.role, account.name, factor.label("has_factor"))
    return found.where(account.id == asked("account"), is_active, is_alive)


_ACCOUNT = Lookup(_Account, _select_account)
