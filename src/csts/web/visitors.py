"""Who opens a page: known by the cookies, renewed without a word when only the access token has run out."""

from dataclasses import dataclass
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from csts.auth import actions, queries
from csts.auth.actor import Actor, ActorKind
from csts.auth.cookies import Pair, refresh_cookie, refresh_lifetime, set_cookies
from csts.auth.guards import cookie_actor
from csts.auth.tokens import Signer
from csts.kit import clock
from csts.kit.errors import DomainError
from csts.kit.sessions import database_of
from csts.settings import Settings
from csts.web.shell import Looker


@dataclass(frozen=True)
class Visit:
    """One opening of a page by somebody who is signed in; `renewed` holds his new tokens where there are any."""

    actor: Actor
    renewed: Pair | None = None

    @property
    def looker(self) -> Looker:
        actor = self.actor
        left = int((actor.expires_at - clock.now()).total_seconds())
        return Looker(actor.kind, actor.id, actor.name, actor.role, max(0, left))

    def settle(self, response: Response, settings: Settings) -> Response:
        """Gives the browser what it must remember from now on."""
        if self.renewed:
            set_cookies(response, self.renewed, settings)
        return response


async def visit(request: Request, kind: ActorKind) -> Visit | None:
    """None when nobody of this kind is signed in here."""
    if actor := await cookie_actor(request, kind):
        return Visit(actor)
    token = request.cookies.get(refresh_cookie(kind))
    return await _renewed(request, kind, token) if token else None


async def _renewed(request: Request, kind: ActorKind, token: str) -> Visit | None:
    signer = cast("Signer", request.app.state.signer)
    lifetime = refresh_lifetime(request.app.state.settings)
    async with database_of(request).write() as session:
        grant = await actions.rotate(session, kind, token, lifetime=lifetime, by_cookie=True)
        if isinstance(grant, DomainError):
            return None
        await session.flush()
        access_token = signer.sign(kind, grant.account_id, grant.family)
        claims = signer.read(access_token)
        actor = await queries.actor(session, claims, by_cookie=True) if claims else None
    return Visit(actor, Pair(kind, access_token, grant.refresh_token)) if actor else None
