"""The chat over HTTP: the thread, a message when no socket can be had, and files for messages."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, UploadFile
from starlette.responses import Response

from csts.attachments import intake
from csts.attachments.refusals import FileTooLarge, UnsupportedFile
from csts.attachments.schemas import AttachmentOut
from csts.attachments.storage import FilesUnavailable
from csts.auth.actor import Actor
from csts.auth.guards import AgentActor, AnyActor, KnownFirst
from csts.chat import actions, queries, refusals
from csts.chat.answering import AnswerDraft, Answered, answer_ticket
from csts.chat.schemas import MessageDraft, MessageOut, Viewers, untagged
from csts.chat.sheet import Letter
from csts.chat.viewing import viewing_of
from csts.chat.writer import writer_of
from csts.kit import clock
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, body_of, gives, packed, takes
from csts.tickets import queries as ticket_queries
from csts.tickets.actions import AlreadyClaimed
from csts.tickets.schemas import TicketOut
from csts.tickets.status import IllegalMove, TicketMerged

router = APIRouter(tags=["Chat"])
forms = APIRouter(route_class=KnownFirst)

# What may stand in the way of any message.
POSTING = (
    NotFound,
    InvalidInput,
    TooManyRequests,
    refusals.TicketClosed,
    TicketMerged,
    refusals.StaleReply,
    refusals.UnknownAttachment,
)

TicketNumber = Annotated[int, Query(ge=1, le=MAX_ID)]
Number = Annotated[int | None, Query(ge=0, le=MAX_ID, description="A message's `seq`")]


@dataclass(frozen=True)
class Window:
    """Which part of a thread."""

    after: int | None
    before: int | None
    limit: int


async def _window(
    after: Number = None, before: Number = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> Window:
    return Window(after, before, limit)


@router.get(
    "/tickets/{ticket_id}/messages",
    responses={**gives(Page[MessageOut]), **problems(NotFound, InvalidInput)},
    summary="Read the thread",
)
async def list_messages(
    ticket_id: int,
    actor: AnyActor,
    session: Reading,
    request: Request,
    window: Annotated[Window, Depends(_window)],
) -> Response:
    """The messages nearest to `after` or `before`, or the newest; oldest first. Agents get the notes among them."""
    await ticket_queries.get(session, actor, ticket_id)
    messages = await queries.thread(session, actor, ticket_id, **asdict(window))
    # Without a cursor: a client pages by `seq`, which it has to know in any case.
    page = Page([untagged(message) for message in messages], None)
    # An agent's has notes, next to words that a customer may choose: a length could betray them (BREACH).
    return packed(page, request) if actor.kind == "customer" else answer(page)


@router.post(
    "/tickets/{ticket_id}/messages",
    status_code=201,
    responses={
        **gives(MessageOut, 201, "Stored"),
        **gives(MessageOut, 200, "Known by its `client_id`: the stored message"),
        **problems(*POSTING, refusals.NotesAreForAgents),
    },
    openapi_extra=takes(MessageDraft),
    summary="Write a message",
)
async def create_message(
    request: Request,
    ticket_id: int,
    actor: AnyActor,
    draft: Annotated[MessageDraft, Depends(body_of(MessageDraft))],
) -> Response:
    """The same as a frame on the socket, for when no socket can be had; safe to repeat with its `client_id`."""
    await _count(request, actor)
    posted = await writer_of(request).say(Letter(actor.person, ticket_id, draft, clock.now()))
    return answer(untagged(posted.frame), 201 if posted.is_new else 200)


@router.post(
    "/tickets/{ticket_id}/answer",
    responses={
        **gives(Answered),
        **problems(*POSTING, AlreadyClaimed, IllegalMove),
    },
    openapi_extra=takes(AnswerDraft),
    summary="Answer, and set status and priority with it",
)
async def create_answer(
    request: Request, ticket_id: int, actor: AgentActor, wanted: Annotated[AnswerDraft, Depends(body_of(AnswerDraft))]
) -> Response:
    """What a macro does: all of it or nothing. What is so already is left alone, so that it may be repeated."""
    await _count(request, actor)
    database = database_of(request)
    posted, ticket = await database.carry_out(lambda session: answer_ticket(session, actor, ticket_id, wanted))
    return answer(Answered(untagged(posted.frame) if posted else None, ticket))


@router.get("/tickets/viewers", responses=gives(Page[Viewers]), summary="Show which agents have tickets open")
async def list_viewers(
    request: Request,
    _actor: AgentActor,
    ticket_id: Annotated[list[TicketNumber], Query(max_length=100)] = [],  # noqa: B006 - read only, by the framework
) -> Response:
    """Of these tickets, those that somebody has open. What changes from then on comes as `viewing` on the desk."""
    found = await viewing_of(request).of(dict.fromkeys(ticket_id))
    return answer(Page([each for each in found if each.agents], None))


@router.put(
    "/tickets/{ticket_id}/unread",
    responses={**gives(TicketOut), **problems(NotFound)},
    summary="Mark a ticket as unread",
)
async def put_unread(ticket_id: int, actor: AnyActor, session: Writing) -> Response:
    """For oneself alone: the last message of the other side counts as unread again, until the thread is read."""
    await actions.mark_unread(session, actor, ticket_id)
    await session.flush()
    return answer(await ticket_queries.detail(session, actor, ticket_id))


@forms.post(
    "/tickets/{ticket_id}/attachments",
    status_code=201,
    responses={
        **gives(AttachmentOut, 201, "Kept, to be named in a message"),
        **problems(NotFound, FileTooLarge, UnsupportedFile, TooManyRequests, FilesUnavailable),
    },
    summary="Upload a file for a message",
)
async def upload(request: Request, ticket_id: int, actor: AnyActor, file: UploadFile) -> Response:
    database = database_of(request)
    async with database.read() as session:
        await ticket_queries.get(session, actor, ticket_id)
    limit = request.app.state.settings.limit_uploads
    await throttle_of(request).hit(limit, "uploads", actor.kind, str(actor.id))
    # Looked at and stored outside of any transaction: on SQLite everybody's messages would wait for the picture.
    accepted = await intake.accept([file], allowed=intake.CHAT_FILES, most=1, field="file")
    await intake.store(accepted, request.app.state.storage)
    (row,) = intake.rows(accepted, ticket_id=ticket_id, uploader=actor.person, screenshot=False)
    async with database.write() as session:
        session.add(row)
    return answer(AttachmentOut.of(row), 201)


router.include_router(forms)


async def _count(request: Request, actor: Actor) -> None:
    """Raises TooManyRequests."""
    limit = request.app.state.settings.limit_messages
    await throttle_of(request).hit(limit, "messages", actor.kind, str(actor.id))


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [MessageOut, MessageDraft, Page[MessageOut], AttachmentOut, AnswerDraft, Answered, Page[Viewers]]
