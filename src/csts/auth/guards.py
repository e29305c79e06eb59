"""The guards at the doors: they turn credentials into an Actor, or into a refusal."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket

from csts.auth import queries
from csts.auth.actor import Actor, ActorKind, Role
from csts.auth.cookies import access_cookie, is_own_origin
from csts.auth.place import place_of
from csts.auth.tokens import Signer
from csts.kit.errors import DomainError
from csts.kit.sessions import database_of
from csts.realtime.socket import FORBIDDEN, UNAUTHENTICATED

KINDS: tuple[ActorKind, ...] = ("agent", "customer")
HINT = "CSTS-As"
# Methods that change nothing (RFC 9110, 9.2.1): a page of another site may cause them, and cannot read the answer.
_SAFE = {"GET", "HEAD", "OPTIONS"}


class NotSignedIn(DomainError):
    code = "not_signed_in"
    status = HTTPStatus.UNAUTHORIZED
    detail = "Please sign in to go on."


class WrongRole(DomainError):
    code = "wrong_role"
    status = HTTPStatus.FORBIDDEN
    detail = "Your account cannot do this."


class FactorMissing(DomainError):
    code = "second_factor_missing"
    status = HTTPStatus.FORBIDDEN
    detail = "This desk asks its agents for a second factor. Please set yours up in your settings first."


class CrossOrigin(DomainError):
    code = "cross_origin"
    status = HTTPStatus.FORBIDDEN
    detail = "This request came from another site and was not carried out."


@dataclass(frozen=True)
class Credential:
    """An access token, and how it came here."""

    token: str
    by_cookie: bool


def credentials(connection: HTTPConnection, prefers: ActorKind | None = None) -> list[Credential]:
    """What the client offers, best first: the header, the subprotocol of a socket, else the cookies.

    A browser may hold the cookies of a customer and of an agent. A hint (`CSTS-As`, on sockets `?as=`) names the
    one that is meant; without it both are tried.
    """
    # The header outranks the cookies: it was written on purpose, where a browser adds cookies by itself.
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return [Credential(token.strip(), by_cookie=False)]
    # A script cannot set headers on a WebSocket; the list of subprotocols is the one field that is left to it.
    for protocol in connection.scope.get("subprotocols", ()):
        if protocol.startswith("bearer."):
            return [Credential(protocol.removeprefix("bearer."), by_cookie=False)]
    hint = connection.headers.get(HINT) or connection.query_params.get("as")
    kinds = [kind for kind in KINDS if kind == hint] or sorted(KINDS, key=lambda kind: kind != prefers)
    settings = connection.app.state.settings
    cookies = (connection.cookies.get(access_cookie(kind, settings)) for kind in kinds)
    return [Credential(token, by_cookie=True) for token in cookies if token]


async def identify(connection: HTTPConnection, offered: Sequence[Credential]) -> Actor | None:
    """The first credential that is good speaks. One statement for each that is tried."""
    signer = cast("Signer", connection.app.state.signer)
    wants_factor = connection.app.state.settings.agent_second_factor == "required"
    for credential in offered:
        if claims := signer.read(credential.token):
            actor = await queries.actor(
                database_of(connection),
                claims,
                by_cookie=credential.by_cookie,
                wants_factor=wants_factor,
                address=place_of(connection).address,
            )
            if actor:
                return actor
    return None


async def cookie_actor(connection: HTTPConnection, kind: ActorKind) -> Actor | None:
    """Who is signed in here as this kind of account; for pages, which only show."""
    token = connection.cookies.get(access_cookie(kind, connection.app.state.settings))
    actor = await identify(connection, [Credential(token, by_cookie=True)]) if token else None
    return actor if actor and actor.kind == kind else None


async def socket_actor(websocket: WebSocket) -> Actor | int:
    """Who opens this socket, or the close code that refuses him."""
    prefers: ActorKind = "customer" if websocket.url.path.startswith("/ws/inbox") else "agent"
    actor = await identify(websocket, credentials(websocket, prefers))
    if actor is None:
        return UNAUTHENTICATED
    # A page of another site can open a socket here, and the browser adds our cookies to it.
    is_foreign = actor.by_cookie and not is_own_origin(websocket)
    return FORBIDDEN if is_foreign or actor.owes_factor else actor


class Guard(SecurityBase):
    """A dependency that lets in these roles; `bare` also without the second factor that the desk wants.

    Raises NotSignedIn, WrongRole, CrossOrigin, FactorMissing.
    """

    def __init__(self, *roles: Role, bare: bool = False) -> None:
        self.roles = roles
        self.bare = bare
        # Only for /openapi.json: it tells that the door wants a bearer token.
        self.model = HTTPBearerModel(description="The access token of a login")
        self.scheme_name = "AccessToken"

    async def __call__(self, request: Request) -> Actor:
        prefers: ActorKind = "customer" if self.roles == ("customer",) else "agent"
        actor = await identify(request, credentials(request, prefers))
        if actor is None:
            raise NotSignedIn
        if actor.by_cookie and request.method not in _SAFE and not is_own_origin(request):
            raise CrossOrigin
        if actor.role not in self.roles:
            raise WrongRole
        if actor.owes_factor and not self.bare:
            raise FactorMissing
        return actor


class KnownFirst(APIRoute):
    """A door for files: who stands before it is asked before his form is read. Raises NotSignedIn.

    FastAPI reads a body before its dependencies, and a form of 32 MB is written to disk: strangers would fill it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        read_form = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if await identify(request, credentials(request)) is None:
                raise NotSignedIn
            return await read_form(request)

        return handle


CustomerActor = Annotated[Actor, Depends(Guard("customer"))]
AgentActor = Annotated[Actor, Depends(Guard("agent", "admin"))]
# Whoever may not do anything yet but set up his second factor.
BareAgentActor = Annotated[Actor, Depends(Guard("agent", "admin", bare=True))]
AdminActor = Annotated[Actor, Depends(Guard("admin"))]
AnyActor = Annotated[Actor, Depends(Guard("customer", "agent", "admin"))]
