"""Web Push over HTTP: each browser says for itself whether it may be called."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from csts.auth.guards import AnyActor
from csts.kit.errors import InvalidInput
from csts.kit.problems import problems
from csts.kit.sessions import Writing
from csts.kit.wire import body_of, takes
from csts.kit.words import language_of
from csts.push import actions
from csts.push.schemas import Subscription

router = APIRouter(tags=["Web Push"])


@router.put(
    "/push/subscription",
    status_code=204,
    responses=problems(InvalidInput),
    openapi_extra=takes(Subscription),
    summary="Have this browser called",
)
async def put_subscription(
    request: Request,
    actor: AnyActor,
    session: Writing,
    browser: Annotated[Subscription, Depends(body_of(Subscription))],
) -> None:
    """Until its session ends; again with each page, for the browser may have got another address meanwhile."""
    services = request.app.state.settings.push_services
    await actions.subscribe(session, actor, browser, language=language_of(request).code, services=services)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [Subscription]
