"""Working through many tickets, over HTTP."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from csts.auth.guards import AgentActor
from csts.kit.db import Database
from csts.kit.errors import InvalidInput, TooManyRequests
from csts.kit.problems import problems
from csts.kit.sessions import database_of
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, body_of, gives, takes
from csts.settings import Settings
from csts.tickets import bulk

router = APIRouter(tags=["Tickets"])

MANY = {**gives(bulk.Outcomes), **problems(InvalidInput, TooManyRequests)}


async def _counted(request: Request, actor: AgentActor) -> Database:
    """The database, for somebody who has not asked for many tickets too often."""
    settings = cast("Settings", request.app.state.settings)
    await throttle_of(request).hit(settings.limit_bulk, "bulk", str(actor.id))
    return database_of(request)


Counted = Annotated[Database, Depends(_counted)]


@router.post(
    "/tickets/bulk", openapi_extra=takes(bulk.BulkChange), responses=MANY, summary="Change many tickets at once"
)
async def change_many(
    actor: AgentActor, database: Counted, wanted: Annotated[bulk.BulkChange, Depends(body_of(bulk.BulkChange))]
) -> Response:
    """Done for each ticket that can be changed, and told for the others.

    Tickets that do not hold what is `expected` any more are left alone: `ticket_changed`.
    """
    return answer(await bulk.change_all(database, actor, wanted))


@router.post(
    "/tickets/bulk/undo", openapi_extra=takes(bulk.BulkUndo), responses=MANY, summary="Undo a change to many tickets"
)
async def undo_many(
    actor: AgentActor, database: Counted, wanted: Annotated[bulk.BulkUndo, Depends(body_of(bulk.BulkUndo))]
) -> Response:
    """Takes the `items` that were done, as they were answered; what somebody has changed since stays as it is."""
    return answer(await bulk.undo_all(database, actor, wanted))


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [bulk.BulkChange, bulk.BulkUndo, bulk.Outcomes]
