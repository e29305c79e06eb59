"""A new password for somebody who knows the old one."""

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.agents.actions import about
from csts.agents.models import Agent
from csts.audit.actions import note
from csts.audit.models import Act
from csts.auth import actions
from csts.auth.account import Account, login_of, words_about
from csts.auth.actor import Actor
from csts.auth.attempts import Attempt
from csts.auth.guards import AnyActor
from csts.auth.letters import tell_new_password
from csts.auth.passwords import check_new_password, passwords_of
from csts.auth.schemas import PasswordChange
from csts.auth.session import account_of
from csts.kit.errors import InvalidInput, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import database_of

router = APIRouter(tags=["Sign-in"])

_log = structlog.get_logger()


@router.put(
    "/password",
    status_code=204,
    response_class=Response,
    responses=problems(actions.WrongPassword, InvalidInput, TooManyRequests),
    summary="Change one's own password",
)
async def change_password(request: Request, form: PasswordChange, actor: AnyActor) -> None:
    """All sessions but this one end, and their sockets close with 4401."""
    async with database_of(request).read() as session:
        account = await account_of(session, actor.kind, actor.id)
    # A stolen session must not become a stolen account by trying.
    attempt = Attempt(request, actor.kind, login_of(account), account, place="settings")
    if not await attempt.verify(form.old_password):
        raise actions.WrongPassword.of_field()
    check_new_password(form.password, about=words_about(account))
    password_hash = await passwords_of(request).hash(form.password)
    async with database_of(request).write() as session:
        await _change(session, actor, account, password_hash)
        await tell_new_password(request, session, account)
    _log.info("password_changed", kind=actor.kind, id=actor.id)


async def _change(session: AsyncSession, actor: Actor, account: Account, password_hash: str) -> None:
    await actions.set_password(session, actor.kind, actor.id, password_hash, verified=account.password_hash)
    await actions.end_other_sessions(
        session, actor.kind, actor.id, keep=actor.session, reason="the password was changed"
    )
    if isinstance(account, Agent):
        note(session, actor, Act.PASSWORD_SET, about(account))
