"""Drafts over HTTP: one's own, and nobody else's."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from csts.auth.guards import AnyActor
from csts.chat.refusals import NotesAreForAgents
from csts.drafts import actions, queries
from csts.drafts.schemas import DraftOut, DraftWords, Kind
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, body_of, gives, takes

router = APIRouter(tags=["Drafts"])


@router.get("/drafts", responses={**gives(Page[DraftOut]), **problems(InvalidInput)}, summary="List one's own drafts")
async def list_drafts(
    actor: AnyActor,
    session: Reading,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """In all tickets, the newest ticket first."""
    return answer(await queries.page(session, actor, limit=limit, cursor=cursor))


@router.get(
    "/tickets/{ticket_id}/drafts",
    responses={**gives(Page[DraftOut]), **problems(NotFound)},
    summary="Show one's own drafts in a ticket",
)
async def show_drafts(ticket_id: int, actor: AnyActor, session: Reading) -> Response:
    return answer(Page(await queries.of_ticket(session, actor, ticket_id), None))


@router.put(
    "/tickets/{ticket_id}/drafts/{kind}",
    responses={**gives(DraftOut), **problems(NotFound, InvalidInput, NotesAreForAgents, TooManyRequests)},
    openapi_extra=takes(DraftWords),
    summary="Keep a draft",
)
async def put_draft(
    request: Request,
    ticket_id: int,
    kind: Kind,
    actor: AnyActor,
    words: Annotated[DraftWords, Depends(body_of(DraftWords))],
) -> Response:
    """The last one to save wins; all of one's sockets hear of it."""
    await throttle_of(request).hit(request.app.state.settings.limit_messages, "drafts", actor.kind, str(actor.id))
    # Opened only now: on SQLite whoever types would else hold up whoever sends.
    async with database_of(request).write() as session:
        kept = await actions.keep(session, actor, ticket_id, kind, words)
    return answer(kept)


@router.delete(
    "/tickets/{ticket_id}/drafts/{kind}",
    status_code=204,
    responses=problems(NotFound, NotesAreForAgents),
    summary="Forget a draft",
)
async def delete_draft(ticket_id: int, kind: Kind, actor: AnyActor, session: Writing) -> None:
    await actions.drop(session, actor, ticket_id, kind)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [DraftOut, DraftWords, Page[DraftOut]]
