"""Whether a customer reads what is sent to his address. Who has not shown it yet may use the desk, by default."""

from http import HTTPStatus
from typing import cast

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from csts.auth import links
from csts.auth.account import Account
from csts.auth.forgotten import MailOff
from csts.auth.guards import CustomerActor
from csts.auth.letters import send_confirmation
from csts.auth.links import CONFIRM, LinkExpired
from csts.auth.schemas import LinkToken
from csts.customers.models import User
from csts.kit import clock
from csts.kit.errors import DomainError, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import Writing, database_of
from csts.kit.throttle import throttle_of
from csts.settings import Settings

router = APIRouter(prefix="/user/email", tags=["Sign-in"])

_log = structlog.get_logger()


class EmailUnconfirmed(DomainError):
    code = "email_unconfirmed"
    status = HTTPStatus.FORBIDDEN
    detail = "Please confirm your e-mail address first: open the link that we have sent you, then sign in."


@router.post(
    "/confirm-request",
    status_code=202,
    response_class=Response,
    responses=problems(MailOff, TooManyRequests),
    summary="Have the link that confirms one's address sent again",
)
async def send_again(request: Request, actor: CustomerActor) -> None:
    """Nothing is sent to who has confirmed it already."""
    settings = cast("Settings", request.app.state.settings)
    if not settings.sends_mail:
        raise MailOff
    await throttle_of(request).hit(settings.limit_reset, "confirm", str(actor.id))
    async with database_of(request).write() as session:
        user = await session.get_one(User, actor.id)
        if user.email_confirmed_at is None:
            await send_confirmation(request, session, user)


@router.post(
    "/confirm",
    status_code=204,
    response_class=Response,
    responses=problems(LinkExpired),
    summary="Confirm an address by the link in a letter",
)
async def confirm(form: LinkToken, session: Writing) -> None:
    account = await links.use(session, CONFIRM, "customer", form.token)
    if isinstance(account, User):
        account.email_confirmed_at = clock.now()
    _log.info("email_confirmed", id=account.id)


async def must_be_confirmed(request: Request, account: Account) -> None:
    """Of somebody whose password was right, where the desk wants it. Raises EmailUnconfirmed, and sends a link."""
    settings = cast("Settings", request.app.state.settings)
    if settings.confirm_email != "required" or not isinstance(account, User) or account.email_confirmed_at:
        return
    try:
        await throttle_of(request).hit(settings.limit_reset, "confirm", str(account.id))
    except TooManyRequests:
        # He has several of them already.
        raise EmailUnconfirmed from None
    async with database_of(request).write() as session:
        await send_confirmation(request, session, await session.get_one(User, account.id))
    raise EmailUnconfirmed
