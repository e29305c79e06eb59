"""The letters about accounts. None of them says its reader's name: whoever signed up with his address wrote that."""

from typing import Literal, cast

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents.models import Agent
from csts.auth.account import Account, kind_of, login_of
from csts.auth.actor import ActorKind
from csts.auth.links import CHANGE, CONFIRM, RESET, issue
from csts.auth.tokens import Signer
from csts.customers.models import User
from csts.kit.words import language_of
from csts.mail.letters import Letter, person_word, send

FORGOTTEN: dict[ActorKind, str] = {"customer": "/forgot-password", "agent": "/desk/forgot-password"}
_CHANGE: dict[ActorKind, str] = {"customer": "/confirm-new-email", "agent": "/desk/confirm-new-email"}
_RESET: dict[ActorKind, str] = {"customer": "/reset-password", "agent": "/desk/reset-password"}


async def send_reset(session: AsyncSession, account: Account, *, language: str, key: str) -> None:
    """A link by which the account gets a new password; to nobody, where it has no address."""
    if account.email:
        link = await issue(session, RESET, account, key=key)
        letter = _letter("password_reset", account, language, account=login_of(account))
        path = _RESET[kind_of(account)]
        await send(session, letter.leading_to(path, nonce=link.nonce, until=link.expires_at))


async def send_confirmation(request: Request, session: AsyncSession, user: User) -> None:
    """A link by which a customer shows that he reads what is sent to his address; none on a desk without mail."""
    if request.app.state.settings.sends_mail:
        key = cast("Signer", request.app.state.signer).key
        link = await issue(session, CONFIRM, user, key=key)
        letter = _letter("email_confirmation", user, language_of(request).code)
        await send(session, letter.leading_to("/confirm-email", nonce=link.nonce, until=link.expires_at))


async def tell_new_password(request: Request, session: AsyncSession, account: Account) -> None:
    """So that the owner hears of it also where it was not he."""
    if account.email and request.app.state.settings.sends_mail:
        letter = _letter("password_changed", account, language_of(request).code, account=login_of(account))
        await send(session, letter.leading_to(FORGOTTEN[kind_of(account)]))


async def ask_for_change(request: Request, session: AsyncSession, account: Account, email: str) -> None:
    """A link to the new address, by which the account gets it, and a warning to the old one."""
    key, language, kind = cast("Signer", request.app.state.signer).key, language_of(request).code, kind_of(account)
    link = await issue(session, CHANGE, account, key=key, email=email)
    letter = _letter("email_change", account, language, to=email)
    await send(session, letter.leading_to(_CHANGE[kind], nonce=link.nonce, until=link.expires_at))
    if account.email:
        warning = _letter("email_change_asked", account, language, account=login_of(account))
        await send(session, warning.leading_to(FORGOTTEN[kind]))


AdminAct = Literal["password_set", "factor_reset", "email_set"]


async def tell_agent(
    request: Request, session: AsyncSession, agent: Agent, name: AdminAct, *, to: str | None = None
) -> None:
    """What an admin has done to the account: so that the agent hears of it also where he did not ask for it.

    `to` is an address that is his no more.
    """
    if (to or agent.email) and request.app.state.settings.sends_mail:
        letter = _letter(name, agent, language_of(request).code, to=to, account=agent.username)
        await send(session, letter.leading_to(FORGOTTEN["agent"]))


def _letter(name: str, whom: Account, language: str, *, to: str | None = None, **facts: str) -> Letter:
    """To an account that has an address, or to one that it had or may get."""
    return Letter(name, to or whom.email or "", language, facts, person=person_word(kind_of(whom), whom.id))
