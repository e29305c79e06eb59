"""The assistant over HTTP: ask it, see what stands behind its answers, and tell it whether they were right."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from csts.assistant import actions, asking, queries
from csts.assistant.deciding import Limits
from csts.assistant.mind import Mind
from csts.assistant.scene import Scene
from csts.assistant.schemas import Answer, Figures, Question, ReplyOut, Summary, TalkOut, Verdict, Wrong
from csts.auth.actor import Actor
from csts.auth.guards import AdminActor, AgentActor, AnyActor
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing, database_of
from csts.kit.text import clean_text
from csts.kit.throttle import throttle_of
from csts.kit.wire import answer, body_of, gives, takes
from csts.settings import Settings
from csts.tickets import queries as tickets

router = APIRouter(tags=["Assistant"])

ReplyId = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.post(
    "/assistant/ask",
    responses={**gives(Answer), **problems(InvalidInput, NotFound, TooManyRequests)},
    openapi_extra=takes(Question),
    summary="Ask the assistant",
)
async def ask(request: Request, actor: AnyActor, question: Annotated[Question, Depends(body_of(Question))]) -> Response:
    """Answers from rules and from what is published. Below the threshold there is no answer, and `escalate` is true."""
    words = clean_text(question.question)
    if not words:
        raise InvalidInput.of("question", "Please write a question.")
    await _count(request, actor)
    scene = await _scene(request, actor, question.ticket_id, words)
    return answer(await asking.answer(_mind(request), scene))


@router.get(
    "/tickets/{ticket_id}/assistant",
    responses={**gives(TalkOut), **problems(NotFound)},
    summary="What stands behind the assistant's messages",
)
async def read_talk(ticket_id: int, actor: AnyActor, session: Reading) -> Response:
    """Sources for everybody; confidence, reasons, verdicts and the summary for agents."""
    return answer(await queries.talk(session, actor, ticket_id))


@router.post(
    "/tickets/{ticket_id}/assistant/suggestion",
    responses={**gives(Answer), **problems(NotFound, TooManyRequests)},
    summary="Suggest a reply to an agent",
)
async def suggest(request: Request, ticket_id: int, actor: AgentActor) -> Response:
    """What the assistant would answer to what the customer asked last. It is sent by nobody but the agent."""
    await _count(request, actor)
    async with database_of(request).read() as session:
        ticket = await tickets.get(session, actor, ticket_id)
        scene = await queries.scene_of(session, ticket)
    return answer(await asking.suggestion(_mind(request), scene))


@router.post(
    "/tickets/{ticket_id}/assistant/summary",
    responses={**gives(Summary), **problems(NotFound, TooManyRequests)},
    summary="Sum a thread up for an agent",
)
async def sum_up(request: Request, ticket_id: int, actor: AgentActor) -> Response:
    """In the language model's words where there is one, else the beginning and the end of the thread."""
    await _count(request, actor)
    async with database_of(request).read() as session:
        scene = await queries.scene_of(session, await tickets.get(session, actor, ticket_id))
    return answer(Summary(await _mind(request).summary(scene)))


@router.put(
    "/assistant/replies/{reply_id}/verdict",
    responses={**gives(ReplyOut), **problems(NotFound, InvalidInput)},
    openapi_extra=takes(Verdict),
    summary="Say whether an answer was right",
)
async def judge(
    reply_id: ReplyId, actor: AgentActor, session: Writing, verdict: Annotated[Verdict, Depends(body_of(Verdict))]
) -> Response:
    """A right answer makes the question an example of its article; a wrong one comes onto the list of reviews."""
    reply = await actions.judge(session, actor, reply_id, right=verdict.right)
    return answer(queries.reply_out(reply))


@router.get("/assistant/review", responses=gives(Page[Wrong]), summary="List wrong answers")
async def list_wrong(_actor: AdminActor, session: Reading) -> Response:
    """Those that nobody has looked after yet, newest first."""
    return answer(Page(await queries.review(session), None))


@router.delete(
    "/assistant/review/{reply_id}", status_code=204, responses=problems(NotFound), summary="Take a wrong answer off"
)
async def settle(reply_id: ReplyId, _actor: AdminActor, session: Writing) -> None:
    """Somebody has looked after it."""
    await actions.settle_review(session, reply_id)


@router.get("/assistant/figures", responses=gives(Figures), summary="How the assistant does")
async def read_figures(
    _actor: AgentActor, session: Reading, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> Response:
    """Containment, handovers, wrong answers and reopened tickets of the last days."""
    return answer(await queries.figures(session, days))


def limits_of(settings: Settings) -> Limits:
    return Limits(
        threshold=settings.assistant_threshold,
        turns=settings.assistant_turns,
        misses=settings.assistant_misses,
        people_only=frozenset(filter(None, settings.assistant_people_only.split(","))),
    )


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json."""
    return [Question, Answer, TalkOut, ReplyOut, Verdict, Page[Wrong], Wrong, Figures, Summary]


async def _scene(request: Request, actor: Actor, ticket_id: int | None, words: str) -> Scene:
    """Raises NotFound."""
    async with database_of(request).read() as session:
        if ticket_id is not None:
            ticket = await tickets.get(session, actor, ticket_id)
            return Scene(ticket.id, "", words, status_line=queries.status_line([ticket]))
        return Scene(0, "", words, status_line=await queries.own_status_line(session, actor))


async def _count(request: Request, actor: Actor) -> None:
    limit = request.app.state.settings.limit_assistant
    await throttle_of(request).hit(limit, "assistant", actor.kind, str(actor.id))


def _mind(request: Request) -> Mind:
    return cast("Mind", request.app.state.mind)
