"""Another e-mail address for somebody who knows his password: it holds once he has opened what was sent there."""

from typing import Any, cast

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.agents.actions import about
from csts.audit.actions import Doer, Someone, note
from csts.audit.models import Act
from csts.auth import links, queries
from csts.auth.account import Account, kind_of, login_of
from csts.auth.actor import ActorKind
from csts.auth.attempts import Attempt
from csts.auth.events import AddressChanged
from csts.auth.guards import AnyActor
from csts.auth.letters import ask_for_change
from csts.auth.links import LinkExpired
from csts.auth.place import place_of
from csts.auth.schemas import EmailChange, LinkToken, OwnEmail
from csts.auth.session import account_of
from csts.customers import queries as customer_queries
from csts.customers.actions import EmailTaken
from csts.customers.models import User
from csts.kit import clock
from csts.kit.db import happened
from csts.kit.errors import InvalidInput, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import Reading, database_of
from csts.kit.throttle import throttle_of
from csts.settings import Settings

router = APIRouter(tags=["Sign-in"])

_log = structlog.get_logger()

CONFIRMING: dict[str, Any] = {
    "status_code": 204,
    "response_class": Response,
    "responses": problems(LinkExpired, EmailTaken),
}


@router.get("/email", summary="Show one's own e-mail address")
async def show_email(actor: AnyActor, session: Reading) -> OwnEmail:
    return await _shown(session, await account_of(session, actor.kind, actor.id))


@router.put(
    "/email", responses=problems(EmailTaken, InvalidInput, TooManyRequests), summary="Change one's own e-mail address"
)
async def change_email(request: Request, form: EmailChange, actor: AnyActor) -> OwnEmail:
    """With mail it changes once the link that is sent to the new address was opened; without, at once.

    The old address is told of it meanwhile: a new password stops it.
    """
    settings = cast("Settings", request.app.state.settings)
    async with database_of(request).read() as session:
        known = await account_of(session, actor.kind, actor.id)
    await Attempt(request, actor.kind, login_of(known), known, place="settings").prove(form.password)
    if form.email == known.email:
        raise InvalidInput.of("email", "This is your address already.")
    await throttle_of(request).hit(settings.limit_reset, "change-email", actor.kind, str(actor.id))
    async with database_of(request).write() as session:
        account = await queries.locked_account(session, actor.kind, actor.id)
        if account is None or account.password_hash != known.password_hash:
            raise InvalidInput.of("password", "This is not your password.")
        await _must_be_free(session, account, form.email)
        if settings.sends_mail:
            await ask_for_change(request, session, account, form.email)
        else:
            await _change(session, account, form.email, by=actor, confirmed=False)
        shown = await _shown(session, account)
    _log.info("email_change_asked", kind=actor.kind, id=actor.id)
    return shown


@router.post("/user/email/change", **CONFIRMING, summary="Change a customer's address by the link in a letter")
async def change_of_customer(request: Request, form: LinkToken) -> None:
    """The link is used up. It works for a day, and not behind a new password."""
    await _use_link(request, "customer", form.token)


@router.post("/agent/email/change", **CONFIRMING, summary="Change an agent's address by the link in a letter")
async def change_of_agent(request: Request, form: LinkToken) -> None:
    """The link is used up. It works for a day, and not behind a new password."""
    await _use_link(request, "agent", form.token)


async def _use_link(request: Request, kind: ActorKind, token: str) -> None:
    async with database_of(request).write() as session:
        account, email = await links.use_change(session, kind, token)
        reader = Doer(kind, account.id, account.name, place_of(request).address)
        await _change(session, account, email, by=reader, confirmed=True)
    _log.info("email_changed", kind=kind, id=account.id)


async def _must_be_free(session: AsyncSession, account: Account, email: str) -> None:
    """Several agents may read one mailbox; customers sign in by theirs. Raises EmailTaken."""
    if isinstance(account, User) and await customer_queries.by_email(session, email):
        raise EmailTaken.of_field()


async def _change(session: AsyncSession, account: Account, email: str, *, by: Someone, confirmed: bool) -> None:
    """Raises EmailTaken."""
    account.email = email
    if not isinstance(account, User):
        note(session, by, Act.EMAIL_CHANGED, about(account))
        return
    account.email_confirmed_at = clock.now() if confirmed else None
    # Somebody may have signed up with it since the link was sent.
    try:
        await session.flush()
    except IntegrityError:
        raise EmailTaken from None
    happened(session, AddressChanged(account.id))


async def _shown(session: AsyncSession, account: Account) -> OwnEmail:
    return OwnEmail(email=account.email, waiting_for=await links.asked_change(session, kind_of(account), account))
