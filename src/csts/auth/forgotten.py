"""A forgotten password: whoever reads the account's mail may choose a new one.

What is asked is only written down. Whose address it is is looked up behind the answer, which therefore cannot tell.
"""

from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.agents import queries as agent_queries
from csts.agents.actions import about
from csts.audit.actions import Doer, note
from csts.audit.models import Act
from csts.auth import actions, links
from csts.auth.account import Account, words_about
from csts.auth.actor import ActorKind
from csts.auth.letters import send_reset, tell_new_password
from csts.auth.links import RESET, LinkExpired
from csts.auth.passwords import check_new_password, passwords_of
from csts.auth.place import place_of
from csts.auth.schemas import EmailAsked, PasswordReset
from csts.customers import queries as customer_queries
from csts.customers.models import User
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.errors import DomainError, InvalidInput, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import database_of
from csts.kit.tasks import Task, Work, enqueue
from csts.kit.throttle import client_address, throttle_of
from csts.kit.words import language_of
from csts.settings import Settings

router = APIRouter(tags=["Sign-in"])

FORGOTTEN = "password_reset"

_log = structlog.get_logger()


class MailOff(DomainError):
    code = "mail_off"
    status = HTTPStatus.CONFLICT
    detail = "This desk sends no e-mail. Please ask the people who run it."


ASKED: dict[str, Any] = {
    "status_code": 202,
    "response_class": Response,
    "responses": problems(MailOff, InvalidInput, TooManyRequests),
}
RESETTING: dict[str, Any] = {
    "status_code": 204,
    "response_class": Response,
    "responses": problems(LinkExpired, InvalidInput),
}


@router.post("/user/password/reset-request", **ASKED, summary="Have a link for a new password sent to a customer")
async def ask_as_customer(request: Request, form: EmailAsked) -> None:
    """The same answer whether anybody has this address or not."""
    await _ask(request, "customer", form.email)


@router.post("/agent/password/reset-request", **ASKED, summary="Have a link for a new password sent to an agent")
async def ask_as_agent(request: Request, form: EmailAsked) -> None:
    """The same answer whether anybody has this address or not."""
    await _ask(request, "agent", form.email)


@router.post("/user/password/reset", **RESETTING, summary="Set a customer's password by the link in a letter")
async def reset_customer(request: Request, form: PasswordReset) -> None:
    """All sessions of the account end, and the link is used up."""
    await _reset(request, "customer", form)


@router.post("/agent/password/reset", **RESETTING, summary="Set an agent's password by the link in a letter")
async def reset_agent(request: Request, form: PasswordReset) -> None:
    """All sessions of the account end, and the link is used up."""
    await _reset(request, "agent", form)


async def _ask(request: Request, kind: ActorKind, email: str) -> None:
    settings = cast("Settings", request.app.state.settings)
    if not settings.sends_mail:
        raise MailOff
    throttle = throttle_of(request)
    await throttle.hit(settings.limit_reset, "reset-from", client_address(request))
    try:
        await throttle.hit(settings.limit_reset, "reset", kind, email)
    except TooManyRequests:
        # Silent, or one would hear that somebody else has asked; who is meant has his letters already.
        _log.warning("reset_not_sent", kind=kind, address=client_address(request))
        return
    async with database_of(request).write() as session:
        await enqueue(session, FORGOTTEN, {"kind": kind, "email": email, "language": language_of(request).code})


def forgotten_work(database: Database, key: str) -> Work:
    """Looks up whose address it is, and sends each account there its letter."""

    async def look_up(task: Task) -> None:
        asked = task.payload
        async with database.write() as session:
            for account in await _accounts(session, asked["kind"], asked["email"]):
                await send_reset(session, account, language=asked["language"], key=key)
            await task.finish(session)

    return Work(look_up)


async def _accounts(session: AsyncSession, kind: ActorKind, email: str) -> list[Account]:
    """A customer; or agents, of whom several may share an address."""
    if kind == "customer":
        user = await customer_queries.by_email(session, email)
        return [user] if user else []
    return list(await agent_queries.active_by_email(session, email))


async def _reset(request: Request, kind: ActorKind, form: PasswordReset) -> None:
    # Looked at before the password is hashed, which is slow on purpose, and used only with a password that will do.
    async with database_of(request).read() as session:
        account = await links.opened(session, RESET, kind, form.token)
    check_new_password(form.password, about=words_about(account))
    password_hash = await passwords_of(request).hash(form.password)
    async with database_of(request).write() as session:
        account = await links.use(session, RESET, kind, form.token)
        account.password_hash = password_hash
        if isinstance(account, User):
            # He has just read what was sent there.
            account.email_confirmed_at = account.email_confirmed_at or clock.now()
        else:
            # Whoever reads the agent's mail; that it is he is what the log has to go by.
            reader = Doer("agent", account.id, account.name, place_of(request).address)
            note(session, reader, Act.PASSWORD_SET, about(account))
        await actions.end_sessions(session, kind, account.id, reason="the password was reset")
        await tell_new_password(request, session, account)
    _log.info("password_reset", kind=kind, id=account.id)
