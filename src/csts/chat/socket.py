"""The socket of a ticket's room: one person, one ticket."""

import re
from functools import partial

import msgspec
import structlog
from fastapi import APIRouter
from msgspec.json import Decoder
from sqlalchemy.exc import DBAPIError
from starlette.websockets import WebSocket

from csts.auth.actor import Actor
from csts.chat import actions, queries
from csts.chat.connection import admit, connected, logged, present, refusing
from csts.chat.events import MessagePosted
from csts.chat.schemas import (
    DeskTypingFrame,
    ErrorFrame,
    MessageDraft,
    Ping,
    Pong,
    Read,
    Ready,
    RoomFrame,
    Typing,
    TypingFrame,
)
from csts.chat.sheet import Letter
from csts.kit import clock
from csts.kit.errors import DomainError, NotFound
from csts.kit.problems import as_domain_error
from csts.kit.sessions import database_of
from csts.kit.wire import decode
from csts.realtime.events import Event, Hangup, same_for_all
from csts.realtime.socket import NOT_FOUND, Allowance, Pump
from csts.tickets import queries as ticket_queries
from csts.tickets.events import DESK, room_channel

router = APIRouter()

_log = structlog.get_logger()

BACKLOG_PAGE = 200
TYPING_PER_SECOND, TYPING_BURST = 1, 10
# Nine digits stay below the limit of every column.
_IS_NUMBER = re.compile(r"[0-9]{1,9}")

_frames: Decoder[RoomFrame] = Decoder(RoomFrame)


@router.websocket("/ws/tickets/{ticket_id}")
async def ticket_room(websocket: WebSocket, ticket_id: str) -> None:
    # Cut, because it is logged before anybody has looked at it.
    path = f"/ws/tickets/{ticket_id[:20]}"
    async with refusing(websocket, path):
        actor = await admit(websocket)
        number = await _visible(websocket, actor, ticket_id)
        after = _after(websocket)
        channel = room_channel(number)
        # Listening comes before reading: what is posted in between is held back, not missed.
        async with (
            connected(websocket, actor, [channel]) as pump,
            present(websocket.app.state.broker, channel, actor.person),
        ):
            room = Room(websocket, actor, number, pump)
            with logged(actor, path) as ends:
                ends.append(await pump.run(partial(room.catch_up, after), room.handle))


class Room:
    """One person's side of a ticket's room."""

    def __init__(self, websocket: WebSocket, actor: Actor, ticket_id: int, pump: Pump) -> None:
        self._state = websocket.app.state
        self._database = database_of(websocket)
        self._actor = actor
        self._ticket_id = ticket_id
        self._pump = pump
        self._typing = Allowance(TYPING_PER_SECOND, TYPING_BURST)

    async def catch_up(self, after: int | None) -> None:
        """Send what was missed, then `ready`, then let live events through that come behind both."""
        sent = None if after is None else await self._send_missed(after)
        ready = await self._ready(sent)
        await self._pump.send_now(msgspec.json.encode(ready))
        self._pump.release(lambda event: _is_news(event, self._actor, ready.last_seq))

    async def handle(self, frame: str | bytes) -> None:
        """Do what a frame asks for; a frame that cannot be done is answered with an error."""
        try:
            await self._do(decode(frame, _frames))
        except (DomainError, DBAPIError) as error:
            if isinstance(error, DBAPIError):
                _log.error("frame_failed", exc_info=error)
            self._refuse(frame, as_domain_error(error))

    async def _send_missed(self, after: int) -> int:
        """The number of the last message sent; `after` where none was missed."""
        while True:
            # A session for each page, and none while its frames go out: a slow line holds no connection.
            async with self._database.read() as session:
                ticket = await ticket_queries.get(session, self._actor, self._ticket_id)
                missed = await queries.thread(
                    session, self._actor, ticket, after=after, before=None, limit=BACKLOG_PAGE
                )
            for frame in missed:
                await self._pump.send_now(msgspec.json.encode(frame))
                after = frame.seq
            if len(missed) < BACKLOG_PAGE:
                return after

    async def _ready(self, sent: int | None) -> Ready:
        kind = self._actor.kind
        async with self._database.read() as session:
            ticket = await ticket_queries.get(session, self._actor, self._ticket_id)
            shown = await ticket_queries.detail(session, self._actor, ticket)
            read = await queries.read_by(session, self._ticket_id, kind)
        # What came between the backlog and this read is still on its way as an event: it counts as not sent.
        last_seq = shown.last_seq if sent is None else min(sent, shown.last_seq)
        online = await self._state.broker.present(room_channel(self._ticket_id))
        return Ready(ticket=shown, last_seq=last_seq, online=online, read=read)

    async def _do(self, frame: RoomFrame) -> None:
        match frame:
            case MessageDraft():
                await self._post(frame)
            case Read(seq=number):
                await self._database.carry_out(
                    lambda session: actions.mark_read(session, self._actor, self._ticket_id, number)
                )
            case Typing(typing=typing):
                await self._tell_typing(typing=typing)
            case Ping():
                self._pump.send(msgspec.json.encode(Pong()))

    async def _post(self, draft: MessageDraft) -> None:
        limit = self._state.settings.limit_messages
        await self._state.throttle.hit(limit, "messages", self._actor.kind, str(self._actor.id))
        posted = await self._state.writer.post(Letter(self._actor.person, self._ticket_id, draft, clock.now()))
        if not posted.is_new:
            # Nobody else hears of a repeat; its sender is told what was stored.
            self._pump.send(msgspec.json.encode(posted.frame))

    async def _tell_typing(self, *, typing: bool) -> None:
        # The whole desk hears of it: one customer in a hurry must not make agents fall behind.
        if not self._typing.take():
            return
        person = self._actor.person
        in_room = same_for_all(TypingFrame(person, typing), skip=person)
        on_desk = same_for_all(DeskTypingFrame(self._ticket_id, person, typing), skip=person)
        # Past `announce`: it is never stored, so there is no commit to wait for.
        await self._state.broker.publish([(room_channel(self._ticket_id), in_room), (DESK, on_desk)])

    def _refuse(self, frame: str | bytes, error: DomainError) -> None:
        told = ErrorFrame(
            code=error.code,
            detail=str(error),
            client_id=_client_id_of(frame),
            errors=error.fields.get("errors", msgspec.UNSET),
            reopen=error.fields.get("reopen", msgspec.UNSET),
        )
        self._pump.send(msgspec.json.encode(told))


class _Named(msgspec.Struct):
    client_id: str | msgspec.UnsetType = msgspec.UNSET


def _client_id_of(frame: str | bytes) -> str | msgspec.UnsetType:
    """The `client_id` of a frame that is wrong otherwise, so that its sender knows which one it was."""
    try:
        return msgspec.json.decode(frame, type=_Named).client_id
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return msgspec.UNSET


def _is_news(event: Event, actor: Actor, last_seq: int) -> bool:
    """Not among what the backlog has sent already: an event may be published after its row was read."""
    return not isinstance(event, MessagePosted) or event.number_for(actor.person) > last_seq


async def _visible(websocket: WebSocket, actor: Actor, ticket_id: str) -> int:
    """Raises Hangup where there is no such ticket, or it is not his: the same answer."""
    nothing = Hangup(NOT_FOUND, "no such ticket")
    if not _IS_NUMBER.fullmatch(ticket_id):
        raise nothing
    try:
        async with database_of(websocket).read() as session:
            await ticket_queries.get(session, actor, int(ticket_id))
    except NotFound:
        raise nothing from None
    return int(ticket_id)


def _after(websocket: WebSocket) -> int | None:
    """The `after` of the query string; what is not a number asks for everything, so that nothing is missed."""
    text = websocket.query_params.get("after")
    if text is None:
        return None
    return int(text) if _IS_NUMBER.fullmatch(text) else 0
