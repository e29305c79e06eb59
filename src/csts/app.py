"""The one place where things meet: rooms, broker, database, storage, middleware."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIWebSocketRoute
from starlette.routing import WebSocketRoute

from csts import __version__
from csts.attachments.storage import Storage
from csts.auth import accounts
from csts.auth import api as auth_api
from csts.auth.events import STAFF, SessionEnded
from csts.auth.passwords import Passwords
from csts.auth.tokens import Signer
from csts.chat import actions as chat_actions
from csts.chat import api as chat_api
from csts.chat import feeds, socket
from csts.chat.connection import tell_presence
from csts.chat.events import MessagePosted
from csts.chat.resync import OpenSockets
from csts.chat.writer import Writer
from csts.jobs import runner
from csts.kit import problems
from csts.kit.db import Database, Reaction
from csts.kit.edge import end
from csts.kit.middleware import BodyCap, RequestLog, SecurityHeaders, SocketDoor
from csts.kit.secrets import kept_key
from csts.kit.throttle import Throttle
from csts.ops import connection, docs, health
from csts.realtime.broker import Broker
from csts.realtime.events import Frames
from csts.realtime.local import LocalBroker
from csts.realtime.redis import RedisBroker
from csts.settings import Settings
from csts.tickets import api as ticket_api
from csts.tickets.board import Board
from csts.tickets.events import DESK, RowChanged, TicketStoryGrew, UnreadMoved
from csts.web import pages

# Three pictures of 4 MB with their form, and the too large ones that deserve a sentence about themselves.
MAX_FORM_BYTES = 32 * 1024 * 1024
# The longest message twice over, each of its characters escaped.
MAX_BODY_BYTES = 128 * 1024

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
}

# What has been handed in is written when a desk closes, if that takes no longer: SIGTERM promises ten seconds.
WRITER_SECONDS = 4.0

# All that may travel from one process to another.
EVENTS = Frames | MessagePosted | UnreadMoved | RowChanged | SessionEnded

REACTIONS: dict[type, Reaction] = {TicketStoryGrew: chat_actions.tell_story}


def create_app(settings: Settings) -> FastAPI:
    """The whole desk. Its pools and threads live from the start of its lifespan to the end."""
    app = FastAPI(title=settings.brand, version=__version__, docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.settings = settings
    for room in (ticket_api, accounts, auth_api, chat_api, socket, feeds, health):
        app.include_router(room.router)
    connection.install(app)
    docs.install(app, ticket_api.api_types() + chat_api.api_types() + connection.api_types())
    problems.install(app)
    pages.install(app, settings)
    # The last one stands outermost: what the others refuse gets its id, its line and its headers as well.
    app.add_middleware(BodyCap, max_bytes=MAX_BODY_BYTES, max_form_bytes=MAX_FORM_BYTES)
    app.add_middleware(SecurityHeaders, headers=_headers(settings))
    app.add_middleware(SocketDoor, routes=_socket_routes(socket.router, feeds.router, connection.router))
    app.add_middleware(RequestLog)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # Not in create_app: whoever only describes the API needs neither a database nor a key.
    settings: Settings = app.state.settings
    state = app.state
    key = settings.secret_key.get_secret_value() or kept_key(settings.data)
    state.signer = Signer(key, timedelta(seconds=settings.access_token_seconds))
    state.broker = _broker(settings)
    await state.broker.start()
    board = Board(state.broker)
    state.database = Database(settings.resolved_database_url, publish=board.publish, reactions=REACTIONS)
    state.storage = Storage(settings.resolved_uploads)
    # Messages are counted in the process: a question to Redis would cost each of them more than the rest of its way.
    state.throttle = Throttle(settings.redis_url.get_secret_value(), near={"messages"})
    state.passwords = Passwords()
    state.sockets = Counter()
    carriers = [state.database.carrier() for _ in range(state.database.carriers_at_once)]
    state.writer = Writer(carriers, board)
    writing = asyncio.create_task(state.writer.run())
    state.open_sockets = OpenSockets()
    keeping = state.open_sockets.keep_whole(state.broker, state.database, state.writer)
    tasks = [asyncio.create_task(board.run(state.database)), asyncio.create_task(keeping)]
    if settings.jobs:
        tasks.append(asyncio.create_task(runner.run(state.database, state.storage)))
    try:
        yield
    finally:
        state.writer.close()
        await asyncio.wait([writing], timeout=WRITER_SECONDS)
        tasks.append(writing)
        await end(tasks)
        await board.close(state.database)
        for carrier in carriers:
            await carrier.close()
        state.passwords.close()
        await state.throttle.close()
        await state.broker.close()
        await state.database.close()


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
