"""A session on the wire: tokens for programs, cookies for browsers, and its silent renewal."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from csts.agents.models import Agent
from csts.auth import actions
from csts.auth.account import Account
from csts.auth.actions import Grant
from csts.auth.actor import ActorKind
from csts.auth.cookies import Pair, refresh_cookie, set_cookies
from csts.auth.place import place_of
from csts.auth.schemas import AgentSelf, BrowserSession, Tokens
from csts.auth.tokens import Signer
from csts.customers.models import User
from csts.customers.schemas import CustomerOut
from csts.kit.errors import DomainError
from csts.kit.sessions import database_of
from csts.settings import Settings


@dataclass(frozen=True)
class Renewal:
    """A session that goes on: the account and its fresh tokens."""

    account: Account
    pair: Pair


def pair_of(connection: HTTPConnection, grant: Grant) -> Pair:
    """Both tokens of a session: the refresh token that was granted, and an access token to go with it."""
    signer = cast("Signer", connection.app.state.signer)
    access_token = signer.sign(grant.kind, grant.account_id, grant.family)
    return Pair(grant.kind, access_token, grant.refresh_token)


async def renew(connection: HTTPConnection, kind: ActorKind, token: str, *, by_cookie: bool) -> Renewal:
    """Trade a refresh token for fresh tokens. Raises BadToken, SessionExpired, TokenReused."""
    settings: Settings = connection.app.state.settings
    async with database_of(connection).write() as session:
        lifetime, place = refresh_lifetime(settings), place_of(connection)
        outcome = await actions.rotate(session, kind, token, lifetime=lifetime, by_cookie=by_cookie, place=place)
        if isinstance(outcome, Grant):
            account = await account_of(session, kind, outcome.account_id)
    # Raised behind the commit: a stolen session must stay dead.
    if isinstance(outcome, DomainError):
        raise outcome
    return Renewal(account, pair_of(connection, outcome))


async def account_of(session: AsyncSession, kind: ActorKind, account_id: int) -> Account:
    """Of somebody who is signed in: it is there."""
    if kind == "agent":
        return await session.get_one(Agent, account_id)
    return await session.get_one(User, account_id)


async def renew_by_cookie(request: Request, kind: ActorKind) -> Renewal | None:
    """For pages: None where the browser has no session of this kind that could go on."""
    token = request.cookies.get(refresh_cookie(kind, request.app.state.settings))
    try:
        return await renew(request, kind, token, by_cookie=True) if token else None
    except DomainError:
        return None


def refresh_lifetime(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.refresh_token_seconds)


def session_response(request: Request, account: Account, pair: Pair, *, by_cookie: bool) -> Response:
    """The answer to a login or refresh: with the tokens, or with cookies that hold them."""
    settings: Settings = request.app.state.settings
    who = _who(account)
    if not by_cookie:
        tokens = Tokens(
            access_token=pair.access_token,
            refresh_token=pair.refresh_token,
            expires_in=settings.access_token_seconds,
            **who,
        )
        return _uncached(tokens)
    response = _uncached(BrowserSession(expires_in=settings.access_token_seconds, **who))
    set_cookies(response, pair, settings)
    return response


def _who(account: Account) -> dict[str, CustomerOut | AgentSelf]:
    if isinstance(account, Agent):
        return {"agent": AgentSelf.model_validate(account)}
    return {"user": CustomerOut.model_validate(account)}


def _uncached(body: BrowserSession) -> Response:
    # Tokens must not rest in a cache on the way (RFC 6749, 5.1).
    return JSONResponse(body.model_dump(exclude_none=True), headers={"Cache-Control": "no-store"})
