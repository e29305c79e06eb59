"""Sessions: begun at sign-in, carried on by rotation, ended by sign-out, theft or deactivation (RFC 9700, 4.14)."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import structlog
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.actions import about
from csts.agents.models import Agent
from csts.audit.actions import Doer, note
from csts.audit.models import Act
from csts.auth import queries
from csts.auth.actor import ActorKind
from csts.auth.events import SessionEnded, person_channel, session_channel
from csts.auth.models import TABLES, RefreshToken
from csts.auth.place import Place
from csts.kit import clock
from csts.kit.db import announce
from csts.kit.errors import DomainError, NotFound
from csts.kit.secrets import digest, new_token

_log = structlog.get_logger()

# Two tabs of one browser may present the same cookie at the same moment; a thief rarely is that quick.
COOKIE_GRACE = timedelta(seconds=10)


class BadCredentials(DomainError):
    code = "bad_credentials"
    status = HTTPStatus.UNAUTHORIZED
    detail = "That name and password do not belong together. Please check both."


class WrongPassword(DomainError):
    """Not 401: the session is good, and a page that heard that would renew it and ask again."""

    code = "wrong_password"
    status = HTTPStatus.CONFLICT
    detail = "That is not your current password."

    @classmethod
    def of_field(cls) -> "WrongPassword":
        return cls(errors=[{"field": "old_password", "message": cls.detail}])


class FactorRequired(DomainError):
    code = "second_factor_required"
    status = HTTPStatus.UNAUTHORIZED
    detail = "Please type the code that your authenticator app shows now."


class WrongCode(DomainError):
    code = "wrong_code"
    status = HTTPStatus.UNAUTHORIZED
    detail = "This code is not right, or it was used before. Please wait for the next one of your app."


class BadToken(DomainError):
    code = "bad_token"
    status = HTTPStatus.UNAUTHORIZED
    detail = "This session is not known. Please sign in."


class SessionExpired(DomainError):
    code = "session_expired"
    status = HTTPStatus.UNAUTHORIZED
    detail = "Your session has ended. Please sign in again."


class TokenReused(DomainError):
    code = "token_reused"
    status = HTTPStatus.UNAUTHORIZED
    detail = "This session was used from another place and has been ended. Please sign in again."


@dataclass(frozen=True)
class Grant:
    """A fresh refresh token of an account's session; it is known nowhere else."""

    kind: ActorKind
    account_id: int
    family: str
    refresh_token: str


async def begin_session(
    session: AsyncSession, kind: ActorKind, account_id: int, *, verified: str, lifetime: timedelta, place: Place
) -> Grant:
    """A new session for somebody whose password fits the hash `verified`. Locks the account.

    Raises BadCredentials when the account got another password or was switched off since it was read.
    """
    account = await queries.locked_account(session, kind, account_id)
    # An admin may have changed the password while the old one was being verified: his change ends all sessions,
    # and must not be outlived by one that begins a moment later.
    if account is None or account.password_hash != verified:
        raise BadCredentials
    table = TABLES[kind]
    # Sign-in is where dead rows go: seldom enough to cost nothing, often enough to keep the table small.
    await session.execute(delete(table).where(table.owner_id == account_id, table.expires_at <= clock.now()))
    now = clock.now()
    row = table(owner_id=account_id, family=str(uuid4()), begun_at=now, expires_at=now + lifetime)
    return _grant(session, kind, row, place)


async def rotate(
    session: AsyncSession, kind: ActorKind, token: str, *, lifetime: timedelta, by_cookie: bool, place: Place
) -> Grant | DomainError:
    """Trade a refresh token for the next one of its session.

    A refusal is returned, not raised: the end of a stolen session must be committed, not rolled back with
    the request that brought it to light.
    """
    table = TABLES[kind]
    query = select(table).where(table.token == digest(token)).with_for_update()
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        return BadToken()
    now = clock.now()
    if row.used_at is not None:
        is_other_tab = by_cookie and row.revoked_at is None and now - row.used_at <= COOKIE_GRACE
        if not is_other_tab:
            await _end_family(session, kind, row.family, "a refresh token was used twice")
            _log.warning("refresh_token_reused", person=f"{kind}:{row.owner_id}")
            if kind == "agent":
                agent = await session.get_one(Agent, row.owner_id)
                note(session, Doer("nobody", address=place.address), Act.SESSION_STOLEN, about(agent))
            return TokenReused()
    if row.revoked_at is not None or row.expires_at <= now:
        return SessionExpired()
    # The other tab does not move the moment of the first use, or tabs could carry the grace on for ever.
    row.used_at = row.used_at or now
    new = table(owner_id=row.owner_id, family=row.family, begun_at=row.begun_at, expires_at=now + lifetime)
    return _grant(session, kind, new, place)


async def sign_out(session: AsyncSession, kind: ActorKind, token: str, *, address: str | None) -> None:
    """End the session of this refresh token; one that is not known has nothing to end."""
    table = TABLES[kind]
    row = (await session.scalars(select(table).where(table.token == digest(token)))).one_or_none()
    if row is None:
        return
    was_alive = row.revoked_at is None
    await _end_family(session, kind, row.family, "signed out")
    if kind == "agent" and was_alive:
        agent = await session.get_one(Agent, row.owner_id)
        note(session, Doer("agent", agent.id, agent.name, address), Act.SIGNED_OUT)


async def end_sessions(session: AsyncSession, kind: ActorKind, account_id: int, *, reason: str) -> None:
    """End every session of this account, and hang up its sockets."""
    table = TABLES[kind]
    await _revoke(session, table, table.owner_id == account_id)
    announce(session, person_channel(kind, account_id), SessionEnded(reason))


async def end_session(session: AsyncSession, kind: ActorKind, account_id: int, family: str) -> None:
    """End one session of this account. Raises NotFound for what is none, or not his, or over."""
    if family not in await queries.living_sessions(session, kind, account_id):
        raise NotFound
    await _end_family(session, kind, family, "signed out elsewhere")


async def end_other_sessions(
    session: AsyncSession, kind: ActorKind, account_id: int, *, keep: str, reason: str
) -> None:
    """End every session of this account but one, and hang up their sockets."""
    for family in await queries.living_sessions(session, kind, account_id) - {keep}:
        await _end_family(session, kind, family, reason)


async def set_password(
    session: AsyncSession, kind: ActorKind, account_id: int, password_hash: str, *, verified: str
) -> None:
    """In place of the one with the hash `verified`. Locks the account.

    Raises WrongPassword when the account got another password or was switched off since it was read.
    """
    account = await queries.locked_account(session, kind, account_id)
    if account is None or account.password_hash != verified:
        raise WrongPassword.of_field()
    account.password_hash = password_hash


async def _end_family(session: AsyncSession, kind: ActorKind, family: str, reason: str) -> None:
    table = TABLES[kind]
    await _revoke(session, table, table.family == family)
    announce(session, session_channel(family), SessionEnded(reason))


async def _revoke(session: AsyncSession, table: type[RefreshToken], which: ColumnElement[bool]) -> None:
    # The rows stay until they expire: a thief who comes later with one of them should still be noticed.
    await session.execute(update(table).where(which, table.revoked_at.is_(None)).values(revoked_at=clock.now()))


def _grant(session: AsyncSession, kind: ActorKind, row: RefreshToken, place: Place) -> Grant:
    token = new_token()
    row.token, row.user_agent, row.address = digest(token), place.user_agent, place.address
    session.add(row)
    return Grant(kind, row.owner_id, row.family, token)
