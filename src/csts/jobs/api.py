"""The queue over HTTP: admins see what was given up, have it tried again, or discard it."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from csts.auth.guards import AdminActor
from csts.jobs import actions, queries
from csts.jobs.schemas import FailedTask
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing
from csts.kit.wire import answer, gives

router = APIRouter(tags=["Operation"])

_log = structlog.get_logger()

TaskId = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.get(
    "/tasks/failed",
    responses={**gives(Page[FailedTask]), **problems(InvalidInput)},
    summary="List background work that has failed for good",
)
async def list_failed(
    _actor: AdminActor,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The newest first. They are kept for thirty days."""
    return answer(await queries.failed(session, limit=limit, cursor=cursor))


@router.post(
    "/tasks/failed/{task_id}/retry",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound),
    summary="Try failed work again",
)
async def retry(task_id: TaskId, actor: AdminActor, session: Writing) -> None:
    """At once, and as often as at first."""
    name = await actions.retry(session, task_id, by=actor)
    _log.info("task_tried_again", id=task_id, task=name, by=actor.id)


@router.delete(
    "/tasks/failed/{task_id}",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound),
    summary="Discard failed work",
)
async def discard(task_id: TaskId, actor: AdminActor, session: Writing) -> None:
    """It will not be done."""
    name = await actions.discard(session, task_id, by=actor)
    _log.info("task_discarded", id=task_id, task=name, by=actor.id)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [Page[FailedTask]]
