"""Signing in, going on and signing out, for both kinds of account."""

from typing import cast

import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents import queries as agent_queries
from csts.auth import actions
from csts.auth.account import Account
from csts.auth.actor import ActorKind
from csts.auth.confirmation import EmailUnconfirmed, must_be_confirmed
from csts.auth.cookies import clear_cookies, is_own_origin, refresh_cookie
from csts.auth.guards import CrossOrigin, NotSignedIn
from csts.auth.passwords import Passwords
from csts.auth.place import place_of
from csts.auth.schemas import AgentLogin, BrowserSession, CustomerLogin, Refresh, Tokens
from csts.auth.session import pair_of, refresh_lifetime, renew, session_response
from csts.customers import queries as customer_queries
from csts.kit.errors import DomainError, TooManyRequests
from csts.kit.mailbox import normal_email
from csts.kit.problems import problem_response, problems
from csts.kit.sessions import database_of
from csts.kit.throttle import client_address, throttle_of
from csts.settings import Settings

router = APIRouter(tags=["Sign-in"])

_log = structlog.get_logger()

LOGIN = problems(actions.BadCredentials, EmailUnconfirmed, TooManyRequests, CrossOrigin)
REFRESH = problems(NotSignedIn, actions.BadToken, actions.SessionExpired, actions.TokenReused, CrossOrigin)
LOGOUT = problems(NotSignedIn, CrossOrigin)


@router.post("/user/login", response_model=Tokens | BrowserSession, responses=LOGIN, summary="Sign in as a customer")
async def customer_login(request: Request, login: CustomerLogin) -> Response:
    return await _login(request, "customer", login, _email(login.email))


@router.post("/agent/login", response_model=Tokens | BrowserSession, responses=LOGIN, summary="Sign in as an agent")
async def agent_login(request: Request, login: AgentLogin) -> Response:
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
    # Verified outside of any transaction: hashing is slow on purpose, and nothing may wait for it.
    passwords = cast("Passwords", request.app.state.passwords)
    async with passwords.turn:
        await _check_failures(request, kind, name)
        is_right = await passwords.verify(login.password, account.password_hash if account else None)
        if account is None or not is_right:
            await _count_failure(request, kind, name, account)
            raise actions.BadCredentials
    await must_be_confirmed(request, account)
    async with database_of(request).write() as session:
        grant = await actions.begin_session(
            session,
            kind,
            account.id,
            verified=account.password_hash,
            lifetime=refresh_lifetime(settings),
            place=place_of(request),
        )
    return session_response(request, account, pair_of(request, grant), by_cookie=by_cookie)


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


async def _check_failures(request: Request, kind: ActorKind, name: str) -> None:
    limit = request.app.state.settings.limit_login
    for counted in _failure_names(request, kind, name):
        await throttle_of(request).check(limit, *counted)


async def _count_failure(request: Request, kind: ActorKind, name: str, account: Account | None) -> None:
    # People type passwords into the wrong field: what was typed stays out of the log.
    _log.warning("sign_in_failed", kind=kind, id=account and account.id, address=client_address(request))
    limit = request.app.state.settings.limit_login
    for counted in _failure_names(request, kind, name):
        await throttle_of(request).count(limit, *counted)


def _failure_names(request: Request, kind: ActorKind, name: str) -> list[tuple[str, ...]]:
    """Failures count against the account, from wherever they come, and against the address, whomever they try."""
    return [("login", kind, name), ("login-from", client_address(request))]


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
        await actions.sign_out(session, kind, token)
    response = Response(status_code=204)
    return response if body else _without_cookies(request, kind, response)


def _refresh_token(request: Request, kind: ActorKind, body: Refresh | None) -> str:
    """From the body, else from the cookie, which only a page of this site may use.

    Raises NotSignedIn, CrossOrigin.
    """
    if body is not None:
        return body.refresh_token
    token = request.cookies.get(refresh_cookie(kind))
    if not token:
        raise NotSignedIn
    if not is_own_origin(request):
        raise CrossOrigin
    return token


def _without_cookies(request: Request, kind: ActorKind, response: Response) -> Response:
    clear_cookies(response, kind, request.app.state.settings)
    return response
