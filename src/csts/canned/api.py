"""Canned replies over HTTP: every agent reads and writes the shared ones and his own."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from csts.auth.guards import AgentActor
from csts.canned import actions, queries
from csts.canned.models import CannedRevision
from csts.canned.schemas import CannedOut, CannedRevisionOut, NewReply, ReplyChanges, shown
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing
from csts.kit.wire import answer, gives
from csts.versions.queries import history

router = APIRouter(tags=["Canned replies"])

_log = structlog.get_logger()

CannedId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=2000)]


@router.get(
    "/canned",
    responses={**gives(Page[CannedOut]), **problems(InvalidInput)},
    summary="List canned replies",
)
async def list_replies(
    actor: AgentActor,
    session: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    shared: Annotated[bool | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The shared ones and one's own, by shortcut; `q` are words that all stand in shortcut, title or text."""
    page = await queries.page(session, actor, words=q.split(), is_shared=shared, limit=limit, cursor=cursor)
    return answer(page)


@router.post(
    "/canned",
    status_code=201,
    responses={**gives(CannedOut, 201, "The reply"), **problems(actions.ShortcutTaken, actions.TooManyReplies)},
    summary="Write a canned reply",
)
async def create_reply(reply: NewReply, actor: AgentActor, session: Writing) -> Response:
    """One's own, unless it is `shared`. Placeholders such as `{{customer.first_name}}` are filled where it is used."""
    added = await actions.add_reply(session, reply, by=actor)
    _log.info("canned_made", id=added.id, by=actor.id, shared=added.shared)
    return answer(shown(added), 201)


@router.put(
    "/canned/{canned_id}",
    responses={
        **gives(CannedOut),
        **problems(NotFound, actions.ReplyChanged, actions.ShortcutTaken, actions.TooManyReplies),
    },
    summary="Change a canned reply",
)
async def put_reply(canned_id: CannedId, changes: ReplyChanges, actor: AgentActor, session: Writing) -> Response:
    """Only the fields that are given change. With the `version` that was read, nobody else's change is written over."""
    reply = await actions.change_reply(session, canned_id, changes, by=actor)
    _log.info("canned_changed", id=reply.id, by=actor.id, version=reply.version)
    return answer(shown(reply))


@router.get(
    "/canned/{canned_id}/history",
    responses={**gives(Page[CannedRevisionOut]), **problems(NotFound, InvalidInput)},
    summary="Show what a canned reply said",
)
async def list_reply_revisions(
    canned_id: CannedId, actor: AgentActor, session: Reading, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Every change with who made it and when; the newest first."""
    await queries.get(session, actor, canned_id)
    page = await history(session, CannedRevision, canned_id, CannedRevisionOut, limit=limit, cursor=cursor)
    return answer(page)


@router.delete(
    "/canned/{canned_id}",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound, actions.ReplyChanged),
    summary="Delete a canned reply",
)
async def delete_reply(
    canned_id: CannedId,
    actor: AgentActor,
    session: Writing,
    version: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> None:
    """With the `version` that was read, nothing that somebody has changed since is deleted."""
    await actions.delete_reply(session, canned_id, version=version, by=actor)
    _log.info("canned_deleted", id=canned_id, by=actor.id)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [Page[CannedOut], CannedOut, Page[CannedRevisionOut]]
