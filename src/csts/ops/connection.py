"""What the connection doctor asks, signed in or not: what arrives here of a request, of a large upload, of a socket."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

import msgspec
import structlog
from fastapi import APIRouter, FastAPI, Request
from msgspec.json import Decoder
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from csts.auth.cookies import is_own_origin, own_origins
from csts.chat.schemas import Ping, Pong, RoomFrame
from csts.kit import clock
from csts.kit.errors import DomainError, InvalidInput, TooManyRequests
from csts.kit.problems import problems
from csts.kit.throttle import client_address, throttle_of
from csts.kit.wire import answer, decode, gives
from csts.realtime.events import Hangup
from csts.realtime.socket import TOO_MANY, close

router = APIRouter(tags=["Operation"])

# Nobody has to sign in for these, so all of it is bounded: how often, how many at once, how long, how much.
LIMIT = "60/minute"
UPLOAD_SECONDS = 120
ECHO_SECONDS = 90
ECHO_FRAMES = 200
ECHO_FRAME_CHARS = 64
MOST_ECHOES, MOST_ECHOES_FROM_AN_ADDRESS = 64, 8
NOT_A_PING = 1008
TIME_IS_UP = 1000

_log = structlog.get_logger()
_frames: Decoder[RoomFrame] = Decoder(RoomFrame)


class TooSlow(DomainError):
    code = "too_slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    detail = "This took too long to arrive. Please try again on a better line."


class Seen(msgspec.Struct, tag="ready"):
    """How a request or a socket looks from here, behind all that stands in between; `expected` are the own origins."""

    time: datetime
    origin: str
    own_origin: bool
    expected: list[str]
    secure_cookies: bool


class Received(msgspec.Struct):
    """How many bytes of a body arrived."""

    bytes: int


def api_types() -> list[Any]:
    """The shapes of these doors for /openapi.json."""
    return [Seen, Received]


def install(app: FastAPI) -> None:
    """Give the app these doors, and the count of the sockets behind them."""
    app.state.echoes = Counter()
    app.include_router(router)


@router.post(
    "/connection/seen",
    responses=gives(Seen) | problems(TooManyRequests),
    response_model=None,
    summary="How does a request arrive here?",
)
async def seen(request: Request) -> Response:
    await _count(request)
    return answer(_seen(request))


@router.post(
    "/connection/upload",
    responses=gives(Received) | problems(TooSlow, TooManyRequests),
    response_model=None,
    summary="How much of a body arrives here?",
)
async def upload(request: Request) -> Response:
    """Counts the bytes, and keeps none."""
    await _count(request)
    received = 0
    try:
        # Whoever leaves in the middle reads no answer.
        async with asyncio.timeout(UPLOAD_SECONDS):
            with suppress(ClientDisconnect):
                async for chunk in request.stream():
                    received += len(chunk)
    except TimeoutError:
        raise TooSlow from None
    return answer(Received(received))


@router.websocket("/ws/echo")
async def echo(websocket: WebSocket) -> None:
    """A socket that says how it arrived, answers pings, and ends by itself."""
    offered = websocket.scope.get("subprotocols", [])
    await websocket.accept(subprotocol="csts.v1" if "csts.v1" in offered else None)
    try:
        await _count(websocket)
        with _counted(websocket):
            await _answer_pings(websocket)
    except TooManyRequests:
        await close(websocket, TOO_MANY, "too many tests")
    except TimeoutError:
        await close(websocket, TIME_IS_UP, "time is up")
    except Hangup as end:
        await close(websocket, end.code, end.reason)
    except WebSocketDisconnect as left:
        _log.debug("echo_left", code=left.code)


async def _answer_pings(websocket: WebSocket) -> None:
    """Raises TimeoutError, Hangup, and WebSocketDisconnect when the other side leaves."""
    async with asyncio.timeout(ECHO_SECONDS):
        await websocket.send_text(msgspec.json.encode(_seen(websocket)).decode())
        for _ in range(ECHO_FRAMES):
            if not _is_ping(await _next(websocket)):
                raise Hangup(NOT_A_PING, "only pings are answered here")
            await websocket.send_text(msgspec.json.encode(Pong()).decode())
    raise Hangup(TOO_MANY, "too many frames")


async def _next(websocket: WebSocket) -> str:
    try:
        return await websocket.receive_text()
    except KeyError:
        # Bytes, in Starlette's words; they are no ping either.
        return ""


def _is_ping(frame: str) -> bool:
    try:
        return len(frame) <= ECHO_FRAME_CHARS and isinstance(decode(frame, _frames), Ping)
    except InvalidInput:
        return False


def _seen(connection: HTTPConnection) -> Seen:
    return Seen(
        time=clock.now(),
        origin=connection.headers.get("origin", "")[:200],
        own_origin=is_own_origin(connection),
        expected=sorted(own_origins(connection)),
        secure_cookies=urlsplit(connection.app.state.settings.public_url).scheme == "https",
    )


async def _count(connection: HTTPConnection) -> None:
    await throttle_of(connection).hit(LIMIT, "connection", client_address(connection))


@contextmanager
def _counted(websocket: WebSocket) -> Iterator[None]:
    echoes = cast("Counter[str]", websocket.app.state.echoes)
    address = client_address(websocket)
    if echoes.total() >= MOST_ECHOES or echoes[address] >= MOST_ECHOES_FROM_AN_ADDRESS:
        raise Hangup(TOO_MANY, "too many tests at once")
    echoes[address] += 1
    try:
        yield
    finally:
        echoes[address] -= 1
        if not echoes[address]:
            del echoes[address]
