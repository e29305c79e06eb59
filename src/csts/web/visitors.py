"""Who opens a page: known by the cookies, renewed without a word when only the access token has run out."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from csts.auth.actor import Actor, ActorKind
from csts.auth.cookies import Pair, set_cookies
from csts.auth.guards import Credential, cookie_actor, identify
from csts.auth.session import renew_by_cookie
from csts.kit import clock
from csts.kit.sessions import database_of
from csts.preferences.queries import preferences_of
from csts.preferences.schemas import Preferences
from csts.settings import Settings
from csts.web.shell import Looker, shell_of


@dataclass(frozen=True)
class Visit:
    """One opening of a page by somebody who is signed in; `renewed` holds his new tokens where there are any."""

    actor: Actor
    preferences: Preferences
    renewed: Pair | None = None

    @property
    def looker(self) -> Looker:
        actor = self.actor
        left = int((actor.expires_at - clock.now()).total_seconds())
        return Looker(actor.kind, actor.id, actor.name, actor.role, max(0, left), self.preferences, actor.owes_factor)

    def settle(self, response: Response, settings: Settings) -> Response:
        """Gives the browser what it must remember from now on."""
        if self.renewed:
            set_cookies(response, self.renewed, settings)
        return response


async def visit(request: Request, kind: ActorKind) -> Visit | None:
    """None when nobody of this kind is signed in here."""
    if actor := await cookie_actor(request, kind):
        return Visit(actor, await _preferences(request, actor))
    if renewal := await renew_by_cookie(request, kind):
        # Looked up like anybody else: the account may have been switched off since its session began.
        fresh = Credential(renewal.pair.access_token, by_cookie=True)
        actor = await identify(request, [fresh])
        return Visit(actor, await _preferences(request, actor), renewal.pair) if actor else None
    return None


async def _preferences(request: Request, actor: Actor) -> Preferences:
    async with database_of(request).read() as session:
        return await preferences_of(session, actor.kind, actor.id)


async def public_page(request: Request, template: str, **context: Any) -> Response:
    """A page for everybody, known to whoever is signed in; of two in one browser the customer comes first."""
    visitor = await visit(request, "customer") or await visit(request, "agent")
    page = shell_of(request).page(request, template, me=visitor.looker if visitor else None, **context)
    return visitor.settle(page, request.app.state.settings) if visitor else page
