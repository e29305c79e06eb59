"""What every socket of the house has in common: who it is, how many he may have, what it hears, why it ended."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from csts.auth.actor import Actor
from csts.auth.events import STAFF, person_channel, session_channel
from csts.auth.guards import socket_actor
from csts.auth.queries import is_alive
from csts.chat.schemas import Presence
from csts.kit import metrics
from csts.kit.problems import DATABASE_FAULTS, is_away
from csts.kit.sessions import database_of
from csts.realtime.broker import Broker
from csts.realtime.events import Hangup, same_for_all
from csts.realtime.people import Person
from csts.realtime.socket import FELL_BEHIND, TOO_MANY, UNAUTHENTICATED, Pump, close
from csts.tickets.events import DESK

Look = Callable[[AsyncSession], Awaitable[None]]

# As long as the pool lets somebody wait for a connection.
TURN_SECONDS = 30.0

_log = structlog.get_logger()


async def admit(websocket: WebSocket) -> Actor:
    """Accept the handshake and say who it is. Raises Hangup for wrong credentials.

    Accepted first in any case: a browser shows a refused handshake as a mute HTTP 403, whatever the code.
    """
    offered = websocket.scope.get("subprotocols", [])
    async with _turn(websocket):
        found = await socket_actor(websocket)
    await websocket.accept(subprotocol="csts.v1" if "csts.v1" in offered else None)
    if not isinstance(found, Actor):
        raise Hangup(found, "no valid credentials for this socket")
    return found


@asynccontextmanager
async def refusing(websocket: WebSocket, path: str) -> AsyncIterator[None]:
    """Closes the socket with the code of a Hangup that the block raises, and logs it; some leave before the answer."""
    try:
        with needing_database():
            yield
    except Hangup as refusal:
        _log.info("socket_refused", path=path, code=refusal.code, why=refusal.reason)
        if websocket.application_state is WebSocketState.CONNECTING:
            await websocket.accept()
        await close(websocket, refusal.code, refusal.reason)
    except WebSocketDisconnect as left:
        _log.info("socket_refused", path=path, code=left.code, why="left in the handshake")


@contextmanager
def needing_database() -> Iterator[None]:
    """Raises Hangup where the database is gone: whoever needs it now is told to come again."""
    try:
        yield
    except DATABASE_FAULTS as error:
        if not is_away(error):
            raise
        raise Hangup(FELL_BEHIND, "the database does not answer") from error


@asynccontextmanager
async def connected(
    websocket: WebSocket, actor: Actor, pump: Pump, channels: Sequence[str], look: Look | None = None
) -> AsyncIterator[None]:
    """Lets the pump hear these channels, and of the end of the session; counted while the block runs.

    `look` reads what the socket begins with, when it hears what changes from then on. Raises Hangup for too many
    sockets, and for a session that has ended in the meantime.
    """
    broker: Broker = websocket.app.state.broker
    # Both: an admin ends all sessions of a person, a sign-out only this one.
    heard = [*channels, person_channel(actor.kind, actor.id), session_channel(actor.session)]
    with _counted(websocket, actor), websocket.app.state.open_sockets.session(pump, actor):
        try:
            await asyncio.gather(*(broker.subscribe(channel, pump) for channel in heard))
            await _read_first(websocket, actor, look)
            async with _on_duty(broker, actor):
                yield
        finally:
            for channel in heard:
                await broker.unsubscribe(channel, pump)


async def _read_first(websocket: WebSocket, actor: Actor, look: Look | None) -> None:
    # Not in `connected`, which would keep the session of the database for as long as the socket is open.
    database = database_of(websocket)
    async with _turn(websocket):
        # Again, now that its end would be heard: a sign-out since the first look was told to nobody.
        if not await is_alive(database, actor):
            raise Hangup(UNAUTHENTICATED, "the session has ended")
        if look:
            async with database.read() as session:
                await look(session)


@asynccontextmanager
async def _turn(websocket: WebSocket) -> AsyncIterator[None]:
    """A few handshakes read at a time. Raises TimeoutError for who waits too long, as for a database that is away.

    All at once would open connections for each other, take those of the rest of the desk, and be no sooner done.
    """
    turns: asyncio.Semaphore = websocket.app.state.open_sockets.opening
    async with asyncio.timeout(TURN_SECONDS):
        await turns.acquire()
    try:
        yield
    finally:
        turns.release()


@contextmanager
def logged(actor: Actor, path: str) -> Iterator[list[Hangup]]:
    """Logs the opening, and at the end why and after how long; the block leaves its Hangup in the list."""
    started, ends = time.monotonic(), list[Hangup]()
    with structlog.contextvars.bound_contextvars(person=f"{actor.kind}:{actor.id}", socket=path):
        _log.info("socket_opened")
        try:
            yield ends
        finally:
            # What is written down where nobody said goodbye, and never sent (RFC 6455, 7.4.1).
            end = ends[0] if ends else Hangup(1006, "broken off")
            seconds = round(time.monotonic() - started, 1)
            _log.info("socket_closed", code=end.code, why=end.reason, seconds=seconds)


@asynccontextmanager
async def present(broker: Broker, channel: str, person: Person, listeners: str | None = None) -> AsyncIterator[None]:
    """While the block runs the person is on the channel; those who listen are told of coming and going."""
    # Counted before anything is waited for: who breaks off while the others are told has to leave as well.
    try:
        if await broker.enter(channel, person):
            await tell_presence(broker, channel, listeners)
        yield
    finally:
        if await broker.leave(channel, person):
            await tell_presence(broker, channel, listeners)


async def tell_presence(broker: Broker, channel: str, listeners: str | None = None) -> None:
    online = await broker.present(channel)
    await broker.publish([(listeners or channel, same_for_all(Presence(online)))])


@asynccontextmanager
async def _on_duty(broker: Broker, actor: Actor) -> AsyncIterator[None]:
    """An agent with any socket open is online for his colleagues on the desk."""
    if actor.kind != "agent":
        yield
        return
    async with present(broker, STAFF, actor.person, DESK):
        yield


@contextmanager
def _counted(websocket: WebSocket, actor: Actor) -> Iterator[None]:
    """Counted and compared in one step, so that many handshakes at once do not slip through together."""
    sockets: Counter[tuple[str, int]] = websocket.app.state.sockets
    most = websocket.app.state.settings.sockets_per_person
    who = actor.kind, actor.id
    if most and sockets[who] >= most:
        raise Hangup(TOO_MANY, "too many sockets")
    sockets[who] += 1
    metrics.SOCKETS.inc()
    try:
        yield
    finally:
        metrics.SOCKETS.dec()
        sockets[who] -= 1
        if not sockets[who]:
            del sockets[who]
