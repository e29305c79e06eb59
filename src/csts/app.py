"""The one place where things meet: rooms, broker, database, storage, middleware."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIWebSocketRoute
from starlette.routing import WebSocketRoute

from csts import __version__
from csts.assistant import api as assistant_api
from csts.assistant.brain import Brain
from csts.assistant.learning import LEARN, LEARN_SECONDS, learn
from csts.assistant.mind import Mind
from csts.assistant.participant import Participant, listen_to
from csts.assistant.sense import Sense
from csts.attachments.storage import Storage
from csts.auth import accounts, confirmation, forgotten, own_email, own_password, second_factor, whereabouts
from csts.auth import api as auth_api
from csts.auth.events import STAFF, AddressChanged, SessionEnded
from csts.auth.passwords import Passwords
from csts.auth.tokens import Signer
from csts.canned import api as canned_api
from csts.chat import actions as chat_actions
from csts.chat import api as chat_api
from csts.chat import feeds, socket
from csts.chat.connection import tell_presence
from csts.chat.events import MessagePosted
from csts.chat.resync import OpenSockets
from csts.chat.viewing import Viewing
from csts.chat.writer import Writer
from csts.demo import tour
from csts.drafts import api as drafts_api
from csts.jobs import api as jobs_api
from csts.jobs import runner
from csts.jobs.sweeps import Retention
from csts.jobs.tasks import Runner
from csts.kit import problems
from csts.kit.carriers import Carrier
from csts.kit.db import Database, Reaction
from csts.kit.edge import end, forever
from csts.kit.middleware import BodyCap, RequestLog, SecurityHeaders, SocketDoor
from csts.kit.seal import Seal
from csts.kit.secrets import kept_key
from csts.kit.tasks import Bell, Task, Work
from csts.kit.throttle import Throttle
from csts.knowledge import api as knowledge_api
from csts.knowledge import public as public_help
from csts.knowledge.shelf import Shelf
from csts.llm import client as llm
from csts.mail.letters import MAIL
from csts.mail.postman import mail_work
from csts.mail.printing import sender_of
from csts.ops import audit, connection, docs, health
from csts.preferences import api as preferences_api
from csts.privacy import actions as privacy
from csts.privacy import api as privacy_api
from csts.push import api as push_api
from csts.push.calling import Caller
from csts.push.services import Vapid
from csts.ratings import api as ratings_api
from csts.realtime.broker import Broker
from csts.realtime.events import Frames
from csts.realtime.local import LocalBroker
from csts.realtime.redis import RedisBroker
from csts.settings import Settings
from csts.tickets import api as ticket_api
from csts.tickets import indexing, results, snooze, triage
from csts.tickets.board import Board
from csts.tickets.events import DESK, QUESTION, RowChanged, TicketOpened, TicketStoryGrew, UnreadMoved
from csts.tickets.tally import Tally
from csts.web import pages

# Three pictures of 4 MB with their form, and the too large ones that deserve a sentence about themselves.
MAX_FORM_BYTES = 32 * 1024 * 1024
# The longest message twice over, each of its characters escaped.
MAX_BODY_BYTES = 128 * 1024
# A thousand ways to ask, each of five hundred characters of four bytes, and the answer to them.
MAX_ARTICLE_BYTES = 2 * 1024 * 1024 + MAX_BODY_BYTES

# `blob:` shows a picture before it is uploaded; `data:` is for the small ones in the styles of /docs.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # What is told to one person is kept nowhere on its way, and is not there for the next one at the same browser.
    "Cache-Control": "no-store",
}

# What has been handed in is written when a desk closes, if that takes no longer: SIGTERM promises ten seconds.
WRITER_SECONDS = 4.0
# The queue gives what is under way some seconds, and itself this much to write down what became of it.
QUEUE_SECONDS = 3.0
# After a round that failed: a database that is away comes back.
INDEX_PAUSE_SECONDS = 2.0

# All that may travel from one process to another.
EVENTS = Frames | MessagePosted | UnreadMoved | RowChanged | SessionEnded


def create_app(settings: Settings) -> FastAPI:
    """The whole desk. Its pools and threads live from the start of its lifespan to the end."""
    app = FastAPI(
        title=settings.brand,
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        # It would lead to whatever host and scheme the request names, and take a body and its token along.
        redirect_slashes=False,
        # It would tell each query, and with it the words of a search; what we tell is in kit/tracing.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.settings = settings
    accounting = (
        accounts,
        auth_api,
        own_email,
        own_password,
        second_factor,
        whereabouts,
        forgotten,
        confirmation,
        privacy_api,
        audit,
    )
    people = (ticket_api, *accounting, chat_api, canned_api, knowledge_api, public_help, socket, feeds)
    for room in (*people, triage, ratings_api, drafts_api, assistant_api, preferences_api, push_api, jobs_api, health):
        app.include_router(room.router)
    connection.install(app)
    talk = (ticket_api, triage, chat_api, canned_api, ratings_api, drafts_api)
    rooms = (*talk, knowledge_api, assistant_api, preferences_api, push_api, jobs_api, audit, connection)
    docs.install(app, [each for room in rooms for each in room.api_types()])
    problems.install(app)
    pages.install(app, settings)
    app.include_router(tour.router)
    # The last one stands outermost: what the others refuse gets its id, its line and its headers as well.
    larger = {"/knowledge/articles": MAX_ARTICLE_BYTES}
    app.add_middleware(BodyCap, max_bytes=MAX_BODY_BYTES, max_form_bytes=MAX_FORM_BYTES, larger=larger)
    app.add_middleware(SecurityHeaders, headers=_headers(settings), files="/static/", few=("X-Content-Type-Options",))
    app.add_middleware(SocketDoor, routes=_socket_routes(socket.router, feeds.router, connection.router))
    app.add_middleware(RequestLog)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # Not in create_app: whoever only describes the API needs neither a database nor a key.
    settings: Settings = app.state.settings
    state = app.state
    _open_doors(app, settings)
    await state.broker.start()
    state.tally = Tally()
    board = Board(state.broker, state.tally.hear, state.caller.hear)
    bell = Bell(board.publish)
    state.database = Database(settings.resolved_database_url, publish=bell.publish, reactions=_reactions(settings))
    state.search = results.Desk(state.database)
    state.sense = Sense(settings.assistant_semantic)
    state.brain = Brain(state.database, state.sense)
    state.llm = llm.connect(settings)
    state.mind = Mind(state.brain, state.llm, assistant_api.limits_of(settings), brand=settings.brand)
    state.works = _works(app)
    queue = Runner(state.database, state.works, bell)
    working = asyncio.create_task(queue.run()) if settings.jobs else None
    carriers = [state.database.carrier() for _ in range(state.database.carriers_at_once)]
    state.writer = Writer(carriers, board, bell.ring)
    writing = asyncio.create_task(state.writer.run())
    state.open_sockets = OpenSockets()
    keeping = state.open_sockets.keep_whole(state.broker, state.database, state.writer)
    work = [board.run(state.database), state.viewing.run(), keeping]
    if state.caller.key:
        work.append(state.caller.run(state.database))
    if settings.assistant:
        work.append(state.brain.run())
    if settings.jobs:
        work.append(runner.run(state.database, state.storage, _retention(settings)))
        work.append(
            forever("index_failed", partial(indexing.follow, state.database), pause_seconds=INDEX_PAUSE_SECONDS)
        )
    tasks = [asyncio.create_task(each) for each in work]
    try:
        yield
    finally:
        queue.close()
        if working:
            # Before the writer, for what is done in there may have something to say.
            await asyncio.wait([working], timeout=QUEUE_SECONDS)
            tasks.append(working)
        state.writer.close()
        await asyncio.wait([writing], timeout=WRITER_SECONDS)
        tasks.append(writing)
        await end(tasks)
        await board.close(state.database)
        await _close(app, carriers)


def _open_doors(app: FastAPI, settings: Settings) -> None:
    """What needs no database: keys, storage, limits, and the way to other processes."""
    state = app.state
    key = settings.secret_key.get_secret_value() or kept_key(settings.data)
    state.signer = Signer(key, timedelta(seconds=settings.access_token_seconds))
    state.factor_seal = Seal(key, "second factor")
    state.caller = Caller(Vapid(key, sender_of(settings)), settings.push_services, state.languages)
    state.broker = _broker(settings)
    state.viewing = Viewing(state.broker)
    state.storage = Storage(settings.resolved_uploads, settings.uploads_before)
    # Messages are counted in the process: a question to Redis would cost each of them more than the rest of its way.
    state.throttle = Throttle(settings.redis_url.get_secret_value(), near={"messages", "drafts"})
    state.passwords = Passwords()
    state.shelf = Shelf()
    state.tour = tour.Tour(state)
    state.sockets = Counter()


async def _close(app: FastAPI, carriers: Sequence[Carrier]) -> None:
    for carrier in carriers:
        await carrier.close()
    if app.state.llm:
        await app.state.llm.close()
    app.state.passwords.close()
    await app.state.caller.close()
    await app.state.throttle.close()
    await app.state.broker.close()
    await app.state.database.close()


def _reactions(settings: Settings) -> dict[type, Reaction]:
    """What rooms do about facts, inside of the transaction that states them."""
    asks: dict[type, Reaction] = {TicketOpened: listen_to} if settings.assistant else {}
    return {TicketStoryGrew: chat_actions.tell_story, AddressChanged: indexing.retitle_later, **asks}


def _retention(settings: Settings) -> Retention:
    return Retention(settings.retention_audit_days, settings.retention_closed_days)


def _works(app: FastAPI) -> dict[str, Work]:
    """Who does which task of the queue."""
    database: Database = app.state.database
    assistant = Participant(database, app.state.broker, app.state.mind)

    async def learn_anew(_task: Task) -> None:
        await learn(database, app.state.sense)

    # Half a minute of attempts: a customer is waiting, and a person is better than silence.
    question = Work(assistant.answer, assistant.give_up, most_attempts=6)
    # A ticket that does not come back is forgotten: half a day of attempts.
    woken = Work(partial(snooze.wake, database), most_attempts=150)
    # An erasure was promised: two days of attempts.
    erasing = Work(partial(privacy.erase_tickets, database), most_attempts=600, timeout_seconds=300)
    learning = Work(learn_anew, timeout_seconds=LEARN_SECONDS)
    retitling = Work(partial(indexing.retitle, database), timeout_seconds=300)
    key: str = app.state.signer.key
    letters = {
        MAIL: mail_work(app.state.settings, app.state.languages, key),
        forgotten.FORGOTTEN: forgotten.forgotten_work(database, key),
    }
    return {
        QUESTION: question,
        LEARN: learning,
        snooze.WAKE: woken,
        privacy.ERASE: erasing,
        indexing.RETITLE: retitling,
        **letters,
    }


def _broker(settings: Settings) -> Broker:
    """Between processes where there is a Redis for it."""
    if not settings.redis_url.get_secret_value():
        return LocalBroker()

    async def tell(channel: str) -> None:
        await tell_presence(broker, channel, DESK if channel == STAFF else None)

    broker = RedisBroker(settings.redis_url.get_secret_value(), kinds=EVENTS, on_presence_moved=tell)
    return broker


def _socket_routes(*routers: APIRouter) -> list[WebSocketRoute]:
    found = [route for router in routers for route in router.routes if isinstance(route, APIWebSocketRoute)]
    return [WebSocketRoute(route.path, route.endpoint) for route in found]


def _headers(settings: Settings) -> dict[str, str]:
    # Only where https is known to work: a browser that has read it refuses http for a year (RFC 6797).
    if urlsplit(settings.public_url).scheme == "https":
        return {**HEADERS, "Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    return HEADERS
