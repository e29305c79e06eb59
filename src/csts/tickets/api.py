"""Tickets over HTTP."""

from typing import Annotated, Any, Literal, cast

import msgspec
from fastapi import APIRouter, Depends, Form, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.attachments import intake, serving
from csts.attachments.refusals import FileTooLarge, TooFewFiles, TooManyFiles, UnsupportedFile
from csts.attachments.storage import FilesUnavailable, Storage
from csts.auth.actor import Actor
from csts.auth.guards import AgentActor, AnyActor, CustomerActor, KnownFirst
from csts.kit.columns import MAX_ID
from csts.kit.db import Database, settle
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, asks, gives, query_of
from csts.settings import Settings
from csts.tickets import actions, lists, queries, results
from csts.tickets.filters import Filters
from csts.tickets.models import Ticket
from csts.tickets.schemas import (
    AssigneeChange,
    Counts,
    EventOut,
    Options,
    PriorityChange,
    StatusChange,
    TicketForm,
    TicketOut,
    TicketPage,
    options_of,
)
from csts.tickets.status import IllegalMove, MoveNotYours, Priority, Status, TicketMerged
from csts.tickets.tags import number_of
from csts.tickets.tally import Tally

router = APIRouter(tags=["Tickets"])
forms = APIRouter(route_class=KnownFirst)

CHANGED = {**gives(TicketOut), **problems(NotFound, TicketMerged)}


@router.get("/options", responses=gives(Options), summary="Choices and limits")
async def show_options(request: Request) -> Response:
    return answer(options_of(request.app.state.settings))


@forms.post(
    "/user/createticket",
    status_code=201,
    responses={
        **gives(TicketOut, 201, "The ticket, its room open"),
        **problems(InvalidInput, TooManyFiles, TooFewFiles, FileTooLarge, UnsupportedFile, TooManyRequests),
        **problems(FilesUnavailable),
    },
    summary="Open a ticket",
)
async def create_ticket(
    request: Request, actor: CustomerActor, form: Annotated[TicketForm, Form(media_type="multipart/form-data")]
) -> Response:
    """All or nothing: one refused file, and there is neither a ticket nor a file."""
    settings = cast("Settings", request.app.state.settings)
    storage = cast("Storage", request.app.state.storage)
    if form.issue_type not in settings.categories:
        raise InvalidInput.of("issue_type", f"Please choose one of: {', '.join(settings.categories)}.")
    # Before the pictures are looked at, for looking is what costs.
    await throttle_of(request).hit(settings.limit_tickets, "tickets", str(actor.id))
    accepted = await intake.accept(form.screenshots, least=settings.min_screenshots)
    await intake.store(accepted, storage)
    # Opened only now: on SQLite a transaction that waits for pictures would let nobody else write.
    async with database_of(request).write() as session:
        ticket = await actions.open_ticket(session, actor, form, screenshots=accepted)
        return await shown(session, actor, ticket, status=201)


router.include_router(forms)


class ListQuery(msgspec.Struct, frozen=True):
    """The query string of a ticket list. `q` is words to search; with them the order is best and freshest first."""

    status: tuple[Status, ...] = ()
    priority: tuple[Priority, ...] = ()
    issue_type: tuple[str, ...] = ()
    assignee: Literal["me", "none"] | Annotated[int, msgspec.Meta(ge=1, le=MAX_ID)] | None = None
    customer: Annotated[int, msgspec.Meta(ge=1, le=MAX_ID)] | None = None
    awaiting_reply: bool = False
    snoozed: Annotated[bool | None, msgspec.Meta(description="agents only")] = None
    tag: Annotated[str, msgspec.Meta(max_length=200, description="the name of a tag; agents only")] = ""
    mentioned: Annotated[Literal["me"] | None, msgspec.Meta(description="in an internal note; agents only")] = None
    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    sort: Annotated[
        lists.Sort | None,
        msgspec.Meta(
            description="-created_at by default; with q: the best and freshest first. "
            "awaiting_since: of those who wait for an answer, who has waited longest first. "
            "-mentioned_at: of those where one is mentioned, the latest mention first"
        ),
    ] = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, msgspec.Meta(max_length=500)] | None = None

    async def filters(self, database: Database) -> Filters:
        """With the number of the tag, which is looked up."""
        tag = await number_of(database, self.tag) if self.tag else None
        return Filters(
            self.status,
            self.priority,
            self.issue_type,
            self.assignee,
            self.customer,
            self.awaiting_reply,
            tag,
            self.snoozed,
            mentioned=self.mentioned is not None,
        )


@router.get(
    "/tickets",
    openapi_extra=asks(ListQuery),
    responses={**gives(TicketPage), **problems(InvalidInput, results.SearchBusy, results.SearchTooSlow)},
    summary="List and search tickets",
)
async def list_tickets(
    request: Request, actor: AnyActor, wanted: Annotated[ListQuery, Depends(query_of(ListQuery))]
) -> Response:
    """A customer's own tickets, or all of them for an agent; with `q` those that have all of its words."""
    database = database_of(request)
    if words := wanted.q.strip():
        desk = cast("results.Desk", request.app.state.search)
        filters = await wanted.filters(database)
        return answer(
            await desk.page(actor, filters, words, sort=wanted.sort, limit=wanted.limit, cursor=wanted.cursor)
        )

    async def read() -> bytes:
        filters, sort = await wanted.filters(database), wanted.sort or "-created_at"
        page = await lists.page(database, actor, filters, sort=sort, limit=wanted.limit, cursor=wanted.cursor)
        return msgspec.json.encode(page)

    return answer(msgspec.Raw(await database.shared((actor.kind, actor.id, wanted), read)))


@router.get("/tickets/counts", responses=gives(Counts), summary="Count the desk's queues")
async def count_queues(request: Request, actor: AgentActor) -> Response:
    tally = cast("Tally", request.app.state.tally)
    return answer(await tally.counts(database_of(request), actor.id))


@router.get("/ticket/{ticket_id}", responses={**gives(TicketOut), **problems(NotFound)}, summary="Show a ticket")
async def show_ticket(ticket_id: int, actor: AnyActor, session: Reading) -> Response:
    return answer(await queries.detail(session, actor, ticket_id))


@router.put(
    "/tickets/{ticket_id}/status",
    responses={**CHANGED, **problems(MoveNotYours, IllegalMove, TicketMerged)},
    summary="Set the status",
)
async def put_status(ticket_id: int, change: StatusChange, actor: AnyActor, session: Writing) -> Response:
    ticket = await actions.change_status(session, actor, ticket_id, change.status)
    return await shown(session, actor, ticket)


@router.put("/tickets/{ticket_id}/priority", responses=CHANGED, summary="Set the priority")
async def put_priority(ticket_id: int, change: PriorityChange, actor: AgentActor, session: Writing) -> Response:
    ticket = await actions.change_priority(session, actor, ticket_id, change.priority)
    return await shown(session, actor, ticket)


@router.post(
    "/tickets/{ticket_id}/claim",
    responses={**CHANGED, **problems(actions.AlreadyClaimed, TicketMerged)},
    summary="Claim a ticket",
)
async def claim_ticket(ticket_id: int, actor: AgentActor, session: Writing) -> Response:
    """Of any number of agents who claim at once exactly one gets the ticket."""
    ticket = await actions.claim(session, actor, ticket_id)
    return await shown(session, actor, ticket)


@router.post(
    "/tickets/{ticket_id}/release",
    responses={**CHANGED, **problems(actions.NotYourTicket, actions.NotClaimed, TicketMerged)},
    summary="Give a ticket back to the queue",
)
async def release_ticket(ticket_id: int, actor: AgentActor, session: Writing) -> Response:
    ticket = await actions.release(session, actor, ticket_id)
    return await shown(session, actor, ticket)


@router.put(
    "/tickets/{ticket_id}/assignee",
    responses={**CHANGED, **problems(actions.UnknownAgent)},
    summary="Hand a ticket over",
)
async def put_assignee(ticket_id: int, change: AssigneeChange, actor: AgentActor, session: Writing) -> Response:
    ticket = await actions.assign(session, actor, ticket_id, change.agent_id)
    return await shown(session, actor, ticket)


@router.get(
    "/tickets/{ticket_id}/events",
    responses={**gives(Page[EventOut]), **problems(NotFound)},
    summary="Show a ticket's history",
)
async def list_events(ticket_id: int, actor: AnyActor, session: Reading) -> Response:
    return answer(Page(await queries.history(session, actor, ticket_id), None))


@router.get(
    "/attachments/{attachment_id}",
    response_class=Response,
    responses={200: {"description": "The bytes"}, **problems(NotFound, FilesUnavailable)},
    summary="Fetch a file",
)
async def fetch_attachment(request: Request, attachment_id: int, actor: AnyActor, session: Reading) -> Response:
    # The session ends before the bytes flow: a slow download holds no connection to the database.
    row = await queries.attachment(session, actor, attachment_id)
    return await serving.respond(request, row, request.app.state.storage)


async def shown(session: AsyncSession, actor: Actor, ticket: Ticket, *, status: int = 200) -> Response:
    """The ticket as it will be committed, the lines in its thread included."""
    await settle(session)
    return answer(await queries.detail(session, actor, ticket.id), status)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [TicketOut, TicketPage, Page[EventOut], Counts, Options]
