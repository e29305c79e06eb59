"""What changes a second factor: set up, confirmed, used, and taken away."""

import re
import secrets
from http import HTTPStatus

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from csts.factors import queries, totp
from csts.factors.models import AgentFactor, RecoveryCode
from csts.kit import clock
from csts.kit.db import rows_changed
from csts.kit.errors import DomainError
from csts.kit.seal import Seal
from csts.kit.secrets import digest

_log = structlog.get_logger()

HOW_MANY_CODES = 10
# Nothing that looks like something else on paper. Sixteen of thirty are 78 bits: nobody tries them all, not even
# with the digests in his hands.
_LETTERS, _CODE_CHARS = "abcdefghjkmnpqrstuvwxyz23456789", 16
_OF_THE_APP = re.compile(rf"[0-9]{{{totp.DIGITS}}}")


class FactorOn(DomainError):
    code = "second_factor_on"
    status = HTTPStatus.CONFLICT
    detail = "Your second factor is on already. Turn it off first to set up another one."


class FactorOff(DomainError):
    code = "second_factor_off"
    status = HTTPStatus.CONFLICT
    detail = "There is no second factor on this account."


class FactorUnreadable(DomainError):
    # Sealed with another key of the desk than it has now.
    code = "second_factor_unreadable"
    status = HTTPStatus.CONFLICT
    detail = (
        "Codes of your app cannot be checked any more, because the desk's secret key was changed. "
        "Use a recovery code, or ask an admin to reset your second factor."
    )


async def begin(session: AsyncSession, agent_id: int, seal: Seal) -> bytes:
    """The secret of an app that is being set up; one that was begun before is forgotten. Raises FactorOn."""
    factor = await queries.locked(session, agent_id)
    if factor and factor.confirmed_at:
        raise FactorOn
    secret = totp.new_secret()
    sealed = seal.close(secret, about=_about(agent_id))
    if factor:
        factor.secret, factor.last_step = sealed, 0
    else:
        session.add(AgentFactor(agent_id=agent_id, secret=sealed))
    return secret


async def confirm(session: AsyncSession, agent_id: int, code: str, seal: Seal) -> list[str] | None:
    """Turn it on by a code of the app; the recovery codes, or None for a wrong code.

    Raises FactorOn, FactorOff (nothing was begun), FactorUnreadable.
    """
    factor = await queries.locked(session, agent_id)
    if factor is None:
        raise FactorOff
    if factor.confirmed_at:
        raise FactorOn
    if not _is_of_the_app(factor, code, seal):
        return None
    factor.confirmed_at = clock.now()
    return await renew_codes(session, agent_id)


async def accepts(session: AsyncSession, agent_id: int, code: str, seal: Seal) -> bool:
    """Whether this code of the app or recovery code is good; it is used up then.

    Raises FactorOff, FactorUnreadable.
    """
    factor = await queries.locked(session, agent_id)
    if factor is None or factor.confirmed_at is None:
        raise FactorOff
    if _OF_THE_APP.fullmatch(code):
        return _is_of_the_app(factor, code, seal)
    known = delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id, RecoveryCode.code == digest(code))
    result = await session.execute(known)
    return rows_changed(result) == 1


async def renew_codes(session: AsyncSession, agent_id: int) -> list[str]:
    """New recovery codes, in groups of four; the old ones are worth nothing any more."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_CHARS)) for _ in range(HOW_MANY_CODES)]
    session.add_all(RecoveryCode(agent_id=agent_id, code=digest(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


async def take_away(session: AsyncSession, agent_id: int) -> None:
    """Off, with all recovery codes. Raises FactorOff."""
    factor = await queries.locked(session, agent_id)
    if factor is None or factor.confirmed_at is None:
        raise FactorOff
    await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
    await session.delete(factor)


def _is_of_the_app(factor: AgentFactor, code: str, seal: Seal) -> bool:
    """Each code is good once, and none before it any more (RFC 6238, 5.2). Raises FactorUnreadable."""
    secret = seal.open(factor.secret, about=_about(factor.agent_id))
    if secret is None:
        _log.warning("second_factor_unreadable", agent=factor.agent_id)
        raise FactorUnreadable
    step = totp.step_of(code, secret, at=clock.now(), after=factor.last_step)
    factor.last_step = step or factor.last_step
    return step is not None


def _about(agent_id: int) -> str:
    return f"agent {agent_id}"
