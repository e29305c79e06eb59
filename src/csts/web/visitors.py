"""Who opens a page: known by the cookies, renewed without a word when only the access token has run out."""

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from csts.auth.actor import Actor
from csts.auth.guards import cookie_actor
from csts.kit import clock
from csts.web.shell import Looker

Kind = Literal["customer", "agent"]


@dataclass(frozen=True)
class Visit:
    """One opening of a page by somebody who is signed in."""

    actor: Actor

    @property
    def looker(self) -> Looker:
        actor = self.actor
        left = int((actor.expires_at - clock.now()).total_seconds())
        return Looker(actor.kind, actor.id, actor.name, actor.role, max(0, left))

    def settle(self, response: Response) -> Response:
        """Sets what the browser must remember from now on."""
        return response


async def visit(request: Request, kind: Kind) -> Visit | None:
    """None when nobody of this kind is signed in here."""
    actor = await cookie_actor(request, kind)
    return Visit(actor) if actor else None
