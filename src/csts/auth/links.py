"""Links of one use: what a letter carries, so that only who reads it can go on (OWASP, Forgot Password)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth import queries
from csts.auth.account import Account, kind_of
from csts.auth.actor import ActorKind
from csts.auth.models import AccountLink
from csts.kit import clock
from csts.kit.errors import DomainError
from csts.kit.secrets import digest, new_token, sealed


class LinkExpired(DomainError):
    """The same for one that was used, that is too old, that a newer one has replaced, and that never was."""

    code = "link_expired"
    status = HTTPStatus.CONFLICT
    detail = "This link has been used already, or it is too old. Please ask for a new one."


@dataclass(frozen=True)
class Purpose:
    """What a link is for, and how long it works."""

    name: str
    lifetime: timedelta


RESET = Purpose("reset", timedelta(minutes=30))
CONFIRM = Purpose("confirm", timedelta(days=3))
CHANGE = Purpose("change", timedelta(days=1))


@dataclass(frozen=True)
class Issued:
    """The link's nonce, of which only the desk's key makes its token."""

    nonce: str
    expires_at: datetime


async def issue(
    session: AsyncSession, purpose: Purpose, account: Account, *, key: str, email: str | None = None
) -> Issued:
    """A new link of this account, which is locked; an older one for the same purpose is dead.

    `email` is what it makes the account's address, for CHANGE.
    """
    # Of two who ask at once for the first link both would find none, and one would fail.
    await session.refresh(account, with_for_update=True)
    issued = Issued(new_token(), clock.now() + purpose.lifetime)
    place = (purpose.name, kind_of(account), account.id)
    row = await session.get(AccountLink, place)
    if row is None:
        row = AccountLink(purpose=purpose.name, person_kind=kind_of(account), person_id=account.id)
        session.add(row)
    row.token, row.expires_at = digest(sealed(key, issued.nonce)), issued.expires_at
    row.proof, row.email = _proof(purpose, account), email
    return issued


async def opened(session: AsyncSession, purpose: Purpose, kind: ActorKind, token: str) -> Account:
    """Whose link this is, locked; nothing is used up. Raises LinkExpired."""
    _row, account = await _find(session, purpose, kind, token)
    return account


async def use(session: AsyncSession, purpose: Purpose, kind: ActorKind, token: str) -> Account:
    """Whose link this is, locked; it never opens anything again. Raises LinkExpired."""
    row, account = await _find(session, purpose, kind, token)
    await session.delete(row)
    return account


async def use_change(session: AsyncSession, kind: ActorKind, token: str) -> tuple[Account, str]:
    """Whose link this is, locked, and the address that he wants; it never opens anything again. Raises LinkExpired."""
    row, account = await _find(session, CHANGE, kind, token)
    await session.delete(row)
    return account, str(row.email)


async def asked_change(session: AsyncSession, kind: ActorKind, account: Account) -> str | None:
    """The address that a link of his is under way to."""
    row = await session.get(AccountLink, (CHANGE.name, kind, account.id))
    is_good = row and row.expires_at > clock.now() and row.proof == _proof(CHANGE, account)
    return row.email if row and is_good else None


async def _find(session: AsyncSession, purpose: Purpose, kind: ActorKind, token: str) -> tuple[AccountLink, Account]:
    mine = (AccountLink.token == digest(token), AccountLink.purpose == purpose.name, AccountLink.person_kind == kind)
    found = await session.scalar(select(AccountLink.person_id).where(*mine))
    account = await queries.locked_account(session, kind, found) if found else None
    # Only now: whoever used it or asked for a newer one meanwhile had the lock.
    row = (await session.scalars(select(AccountLink).where(*mine))).one_or_none()
    if account is None or row is None or row.expires_at <= clock.now() or row.proof != _proof(purpose, account):
        raise LinkExpired
    return row, account


def _proof(purpose: Purpose, account: Account) -> str:
    """No link outlives the address that the account had, and but for CONFIRM none the password.

    So whoever is told of a change that he did not ask for ends it by a new password.
    """
    return digest(str(account.email) if purpose is CONFIRM else f"{account.email} {account.password_hash}")
