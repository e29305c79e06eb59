"""Working through many tickets, over HTTP."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.auth.guards import AgentActor
from csts.kit.db import Database
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, body_of, gives, takes
from csts.settings import Settings
from csts.tickets import bulk, merging, snooze, tags, views
from csts.tickets.api import CHANGED, shown
from csts.tickets.status import TicketMerged

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


@router.put(
    "/tickets/{ticket_id}/tags",
    responses={**CHANGED, **problems(tags.TooManyTags, TicketMerged)},
    summary="Put tags on a ticket, and take some off",
)
async def put_tags(request: Request, ticket_id: int, change: tags.TagChange, actor: AgentActor) -> Response:
    """Only what is named changes, so that two agents at one ticket lose nothing. Customers see no tags."""

    async def work(session: AsyncSession) -> Response:
        ticket = await tags.change_tags(session, actor, ticket_id, add=change.add, remove=change.remove)
        return await shown(session, actor, ticket)

    # Two who make the same tag at once may meet in a deadlock, which one of them begins again.
    return await database_of(request).carry_out(work)


@router.put(
    "/tickets/{ticket_id}/snooze",
    responses={**CHANGED, **problems(InvalidInput, snooze.NothingToSnooze, TicketMerged)},
    summary="Snooze a ticket until a time",
)
async def put_snooze(ticket_id: int, wanted: snooze.Snooze, actor: AgentActor, session: Writing) -> Response:
    """Out of the queues until then, or until its customer writes. Customers are not told."""
    return await shown(session, actor, await snooze.snooze(session, actor, ticket_id, wanted.until))


@router.delete("/tickets/{ticket_id}/snooze", responses=CHANGED, summary="Bring a snoozed ticket back")
async def delete_snooze(ticket_id: int, actor: AgentActor, session: Writing) -> Response:
    return await shown(session, actor, await snooze.end_snooze(session, actor, ticket_id))


@router.post(
    "/tickets/{ticket_id}/merge",
    responses={
        **CHANGED,
        **problems(merging.MergeIntoItself, merging.OtherCustomer, merging.MergeIntoSolved, TicketMerged),
    },
    summary="Merge a ticket into another one of its customer",
)
async def merge_ticket(request: Request, ticket_id: int, wanted: merging.Merge, actor: AgentActor) -> Response:
    """Answers with the other one, where the conversation goes on. It cannot be undone."""

    async def work(session: AsyncSession) -> Response:
        return await shown(session, actor, await merging.merge(session, actor, ticket_id, wanted.into))

    # What was merged into it before is locked behind both, and may be on its way somewhere itself.
    return await database_of(request).carry_out(work)


@router.get("/tags", responses=gives(Page[str]), summary="Suggest tags")
async def suggest_tags(_actor: AgentActor, session: Reading, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Names that begin so, whatever their case; the first hundred."""
    return answer(Page(await tags.suggestions(session, q), None))


@router.get("/views", responses=gives(Page[views.ViewOut]), summary="List saved views")
async def list_views(actor: AgentActor, session: Reading) -> Response:
    """One's own and those that are shared, by name."""
    return answer(Page(await views.visible_views(session, actor), None))


@router.post(
    "/views",
    status_code=201,
    responses={**gives(views.ViewOut, 201, "The view"), **problems(views.TooManyViews)},
    summary="Save a view",
)
async def create_view(new: views.NewView, actor: AgentActor, session: Writing) -> Response:
    return answer(await views.save_view(session, actor, new), 201)


@router.put(
    "/views/{view_id}",
    responses={**gives(views.ViewOut), **problems(NotFound, views.NotYourView)},
    summary="Change a saved view",
)
async def put_view(view_id: int, changes: views.ViewChanges, actor: AgentActor, session: Writing) -> Response:
    """Only the fields that are given change."""
    return answer(await views.change_view(session, actor, view_id, changes))


@router.delete(
    "/views/{view_id}", status_code=204, responses=problems(NotFound, views.NotYourView), summary="Delete a saved view"
)
async def delete_view(view_id: int, actor: AgentActor, session: Writing) -> None:
    await views.delete_view(session, actor, view_id)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [bulk.BulkChange, bulk.BulkUndo, bulk.Outcomes, Page[str], Page[views.ViewOut]]
