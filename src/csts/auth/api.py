"""Signing in, going on and signing out, for both kinds of account."""

from typing import cast

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents import queries as agent_queries
from csts.auth import actions
from csts.auth.account import Account
from csts.auth.actor import ActorKind
from csts.auth.attempts import Attempt
from csts.auth.confirmation import EmailUnconfirmed, must_be_confirmed
from csts.auth.cookies import clear_cookies, is_own_origin, refresh_cookie
from csts.auth.guards import CrossOrigin, NotSignedIn
from csts.auth.place import place_of
from csts.auth.schemas import AgentLogin, BrowserSession, CustomerLogin, Refresh, Tokens
from csts.auth.session import pair_of, refresh_lifetime, renew, session_response
from csts.customers import queries as customer_queries
from csts.factors.actions import FactorUnreadable, accepts
from csts.factors.queries import confirmed
from csts.kit.errors import DomainError, TooManyRequests
from csts.kit.mailbox import normal_email
from csts.kit.problems import problem_response, problems
from csts.kit.sessions import database_of
from csts.settings import Settings

router = APIRouter(tags=["Sign-in"])

LOGIN = problems(actions.BadCredentials, EmailUnconfirmed, TooManyRequests, CrossOrigin)
AGENT_LOGIN = problems(
    actions.BadCredentials, actions.FactorRequired, actions.WrongCode, TooManyRequests, CrossOrigin, FactorUnreadable
)
REFRESH = problems(NotSignedIn, actions.BadToken, actions.SessionExpired, actions.TokenReused, CrossOrigin)
LOGOUT = problems(NotSignedIn, CrossOrigin)


@router.post("/user/login", response_model=Tokens | BrowserSession, responses=LOGIN, summary="Sign in as a customer")
async def customer_login(request: Request, login: CustomerLogin) -> Response:
    return await _login(request, "customer", login, _email(login.email))


@router.post(
    "/agent/login", response_model=Tokens | BrowserSession, responses=AGENT_LOGIN, summary="Sign in as an agent"
)
async def agent_login(request: Request, login: AgentLogin) -> Response:
    """An account with a second factor is answered 401 `second_factor_required`; send the same with a `code` then."""
    return await _login(request, "agent", login, login.username.strip().lower())


@router.post("/user/refresh", response_model=Tokens | BrowserSession, responses=REFRESH, summary="Go on as a customer")
async def customer_refresh(request: Request, body: Refresh | None = None) -> Response:
    return await _refresh(request, "customer", body)


@router.post("/agent/refresh", response_model=Tokens | BrowserSession, responses=REFRESH, summary="Go on as an agent")
async def agent_refresh(request: Request, body: Refresh | None = None) -> Response:
    return await _refresh(request, "agent", body)


@router.post("/user/logout", status_code=204, responses=LOGOUT, summary="Sign out as a customer")
async def customer_logout(request: Request, body: Refresh | None = None) -> Response:
    return await _logout(request, "customer", body)


@router.post("/agent/logout", status_code=204, responses=LOGOUT, summary="Sign out as an agent")
async def agent_logout(request: Request, body: Refresh | None = None) -> Response:
    return await _logout(request, "agent", body)


async def _login(request: Request, kind: ActorKind, login: CustomerLogin | AgentLogin, name: str) -> Response:
    settings = cast("Settings", request.app.state.settings)
    by_cookie = login.session == "cookie"
    # Another site could sign its visitor in here as somebody else, and read later what he wrote as that one.
    if by_cookie and "origin" in request.headers and not is_own_origin(request):
        raise CrossOrigin
    async with database_of(request).read() as session:
        account = await _account(session, kind, name)
    attempt = Attempt(request, kind, name, account)
    is_right = await attempt.verify(login.password)
    if account is None or not is_right:
        raise actions.BadCredentials
    await must_be_confirmed(request, account)
    code = login.code if isinstance(login, AgentLogin) else None
    if code:
        await attempt.count_code()
    try:
        async with database_of(request).write() as session:
            grant = await actions.begin_session(
                session,
                kind,
                account.id,
                verified=account.password_hash,
                lifetime=refresh_lifetime(settings),
                place=place_of(request),
            )
            if kind == "agent":
                attempt.succeed(session, second_factor=await _second_step(session, request, account.id, code))
    except actions.WrongCode:
        await attempt.note("code")
        raise
    response = session_response(request, account, pair_of(request, grant), by_cookie=by_cookie)
    if by_cookie:
        attempt.remember_device(response, account.id)
    return response


async def _second_step(session: AsyncSession, request: Request, agent_id: int, code: str | None) -> bool:
    """Whether the account has a second factor. Raises FactorRequired, WrongCode, FactorUnreadable."""
    if await confirmed(session, agent_id) is None:
        return False
    if code is None:
        raise actions.FactorRequired
    if not await accepts(session, agent_id, code, request.app.state.factor_seal):
        raise actions.WrongCode
    return True


def _email(typed: str) -> str:
    """As it was stored at the sign-up; what is no address at all is simply nobody's."""
    try:
        return normal_email(typed)
    except ValueError:
        return typed.strip().lower()


async def _account(session: AsyncSession, kind: ActorKind, name: str) -> Account | None:
    """The account of that name that may sign in."""
    if kind == "customer":
        return await customer_queries.by_email(session, name)
    agent = await agent_queries.by_username(session, name)
    return agent if agent and agent.active else None


async def _refresh(request: Request, kind: ActorKind, body: Refresh | None) -> Response:
    by_cookie = body is None
    token = _refresh_token(request, kind, body)
    try:
        renewal = await renew(request, kind, token, by_cookie=by_cookie)
    except DomainError as refusal:
        if not by_cookie:
            raise
        # What opens nothing any more should not be sent with every request from here on.
        return _without_cookies(request, kind, problem_response(refusal))
    return session_response(request, renewal.account, renewal.pair, by_cookie=by_cookie)


async def _logout(request: Request, kind: ActorKind, body: Refresh | None) -> Response:
    token = _refresh_token(request, kind, body)
    async with database_of(request).write() as session:
        await actions.sign_out(session, kind, token, address=place_of(request).address)
    response = Response(status_code=204)
    return response if body else _without_cookies(request, kind, response)


def _refresh_token(request: Request, kind: ActorKind, body: Refresh | None) -> str:
    """From the body, else from the cookie, which only a page of this site may use.

    Raises NotSignedIn, CrossOrigin.
    """
    if body is not None:
        return body.refresh_token
    token = request.cookies.get(refresh_cookie(kind, request.app.state.settings))
    if not token:
        raise NotSignedIn
    if not is_own_origin(request):
        raise CrossOrigin
    return token


def _without_cookies(request: Request, kind: ActorKind, response: Response) -> Response:
    clear_cookies(response, kind, request.app.state.settings)
    return response
