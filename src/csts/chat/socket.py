"""The socket of a ticket's room: one person, one ticket."""

import asyncio
import re
from collections.abc import Awaitable
from functools import partial
from typing import NamedTuple

import msgspec
import structlog
from fastapi import APIRouter
from msgspec.json import Decoder
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.websockets import WebSocket

from csts.auth.actor import Actor
from csts.chat import actions, queries
from csts.chat.connection import admit, connected, logged, needing_database, present, refusing
from csts.chat.events import MessagePosted
from csts.chat.numbers import Received
from csts.chat.posting import Outcome, Posted
from csts.chat.refusals import error_frame
from csts.chat.schemas import (
    DeskTypingFrame,
    Looking,
    MessageDraft,
    MessageFrame,
    Ping,
    Pong,
    Read,
    ReadBy,
    Ready,
    RoomFrame,
    Typing,
    TypingFrame,
)
from csts.chat.sheet import Glance, Letter
from csts.chat.viewing import Gaze, viewing_of
from csts.chat.writer import writer_of
from csts.kit import clock, metrics
from csts.kit.errors import DomainError, NotFound
from csts.kit.problems import as_domain_error
from csts.kit.sessions import database_of
from csts.kit.wire import decode
from csts.realtime.events import Event, Hangup, same_for_all
from csts.realtime.socket import NOT_FOUND, Allowance, Pump
from csts.tickets import queries as ticket_queries
from csts.tickets.events import DESK, TicketFrame, room_channel
from csts.tickets.schemas import TicketOut

router = APIRouter()

_log = structlog.get_logger()

BACKLOG_PAGE = 200
TYPING_PER_SECOND, TYPING_BURST = 1, 10
# Nine digits stay below the limit of every column.
_IS_NUMBER = re.compile(r"[0-9]{1,9}")

_frames: Decoder[RoomFrame] = Decoder(RoomFrame)
PONG = msgspec.json.encode(Pong())


@router.websocket("/ws/tickets/{ticket_id}")
async def ticket_room(websocket: WebSocket) -> None:
    ticket_id: str = websocket.path_params["ticket_id"]
    # Cut, because it is logged before anybody has looked at it.
    path = f"/ws/tickets/{ticket_id[:20]}"
    async with refusing(websocket, path):
        actor = await admit(websocket)
        number, after = _number(ticket_id), _after(websocket)
        channel = room_channel(number)
        pump = Pump(websocket, actor.person, expires_at=actor.expires_at)
        room = Room(websocket, actor, number, pump)
        state = websocket.app.state
        # Listening comes before reading: what is posted in between is held back, not missed.
        with state.open_sockets.room(number, room):
            async with (
                connected(websocket, actor, pump, [channel], partial(room.look, after)),
                present(state.broker, channel, actor.person),
            ):
                with logged(actor, path) as ends:
                    try:
                        ends.append(await pump.run(partial(room.catch_up, after), room.handle))
                    finally:
                        await room.end()


class Opening(NamedTuple):
    """What a socket begins with, read in one go; `missed` is the first page of the backlog."""

    ticket: TicketOut
    read: list[ReadBy]
    missed: list[MessageFrame]


class Room:
    """One person's side of a ticket's room."""

    def __init__(self, websocket: WebSocket, actor: Actor, ticket_id: int, pump: Pump) -> None:
        self._state = websocket.app.state
        self._database = database_of(websocket)
        self._writer = writer_of(websocket)
        self._actor = actor
        # Once: the actor makes it anew for whoever asks, and each message asks three times.
        self._person = actor.person
        self._ticket_id = ticket_id
        self._pump = pump
        self._limit_messages: str = self._state.settings.limit_messages
        self._typing = Allowance(TYPING_PER_SECOND, TYPING_BURST)
        is_agent = actor.kind == "agent"
        self._gaze = Gaze(viewing_of(websocket), self._state.broker, ticket_id, self._person) if is_agent else None
        self._sent = Received()
        # Taken out by who sends it, or it would be kept for as long as the socket is open.
        self._opening: list[Opening] = []
        self._mending: asyncio.Semaphore = self._state.open_sockets.mending

    async def look(self, after: int | None, session: AsyncSession) -> None:
        """Read what `catch_up` sends. Raises Hangup where there is no such ticket or it is not his: the same answer."""
        try:
            ticket = await ticket_queries.detail(session, self._actor, self._ticket_id)
        except NotFound:
            raise _nothing() from None
        read = await queries.read_by(session, self._ticket_id, self._actor.kind)
        missed: list[MessageFrame] = []
        if after is not None:
            self._sent.begin(min(after, ticket.last_seq))
            # What comes behind the ticket's last number is heard.
            if after < ticket.last_seq:
                missed = await self._missed(session)
        self._opening.append(Opening(ticket, read, missed))

    async def catch_up(self, after: int | None) -> None:
        """Send what was missed, then `ready`, then let live events through that come behind both."""
        ticket, read, missed = self._opening.pop()
        if await self._send_page(missed):
            with needing_database():
                await self._send_missed()
        last_seq = ticket.last_seq if after is None else self._sent.last
        online = await self._state.broker.present(room_channel(self._ticket_id))
        await self._pump.send_now(msgspec.json.encode(Ready(ticket, last_seq, online, read)))
        self._pump.release(self._is_news)
        if self._gaze:
            self._gaze.begin()
        if after is None:
            # Behind the release: what was heard since it listened is live to who asked for no backlog.
            self._sent.begin(last_seq)

    async def end(self) -> None:
        if self._gaze:
            await self._gaze.end()

    def mend(self, last_seq: int, last_public_seq: int) -> None:
        if self._sent.last < (last_seq if self._actor.kind == "agent" else last_public_seq):
            self._pump.catch_up(self._catch_up_again)

    async def _catch_up_again(self) -> None:
        """What another process has written while it could not be heard."""
        async with self._mending:
            with needing_database():
                await self._send_missed()
                async with self._database.read() as session:
                    shown = await ticket_queries.detail(session, self._actor, self._ticket_id)
        self._pump.send(msgspec.json.encode(TicketFrame(shown)))
        self._pump.release(self._is_news)

    def handle(self, frame: bytes) -> Awaitable[None] | None:
        """Do what a frame asks for; a frame that cannot be done is answered with an error."""
        try:
            asked = decode(frame, _frames)
            metrics.FRAMES.labels(asked.__struct_config__.tag).inc()
            return self._do(frame, asked)
        except DomainError as error:
            self._refuse(frame, error)
            return None

    def _do(self, frame: bytes, asked: RoomFrame) -> Awaitable[None] | None:
        match asked:
            case MessageDraft():
                return self._post(frame, asked)
            case Ping():
                self._pump.send(PONG)
                return None
            case Read(seq=number):
                return self._answering(frame, self._mark_read(number))
            case Typing(typing=typing):
                return self._tell_typing(typing=typing)
            case Looking(looking=looking):
                return self._gaze.turn(looks=looking) if self._gaze else None

    async def _answering(self, frame: bytes, work: Awaitable[None]) -> None:
        """Wait for the rest of what a frame asks for, and tell its sender when it cannot be done."""
        try:
            await work
        except (DomainError, DBAPIError) as error:
            if isinstance(error, DBAPIError):
                _log.error("frame_failed", exc_info=error)
            self._refuse(frame, as_domain_error(error))

    def _post(self, frame: bytes, draft: MessageDraft) -> Awaitable[None] | None:
        if self._limit_messages:
            return self._answering(frame, self._post_within_limit(frame, draft))
        self._submit(frame, draft)
        return None

    async def _post_within_limit(self, frame: bytes, draft: MessageDraft) -> None:
        who = self._actor.kind, str(self._actor.id)
        await self._state.throttle.hit(self._limit_messages, "messages", *who)
        self._submit(frame, draft)

    def _submit(self, frame: bytes, draft: MessageDraft) -> None:
        """Hand the message in, and read on: its answer comes with the commit, which it shares with others."""
        self._writer.submit(Letter(self._person, self._ticket_id, draft, clock.now()), partial(self._answer, frame))
        self._pump.expect()

    def _answer(self, frame: bytes, outcome: Outcome) -> None:
        if isinstance(outcome, DomainError):
            self._refuse(frame, outcome)
        elif isinstance(outcome, Posted) and not outcome.is_new:
            # Nobody else hears of a repeat; its sender is told what was stored, here and not in the backlog again.
            shown = outcome.frame
            self._sent.add(shown.seq)
            self._pump.send(msgspec.json.encode(shown))
        self._pump.answered()

    async def _mark_read(self, number: int) -> None:
        marked = await self._writer.mark(Glance(self._person, self._ticket_id, number, clock.now()))
        if marked.is_done:
            return
        # Others have written behind it: what is left to read has to be counted, in a transaction of its own.
        await self._database.carry_out(lambda session: actions.mark_read(session, self._actor, self._ticket_id, number))

    async def _send_missed(self) -> None:
        is_full = True
        while is_full:
            # A session for each page, and none while its frames go out: a slow line holds no connection.
            async with self._database.read() as session:
                await ticket_queries.get(session, self._actor, self._ticket_id)
                missed = await self._missed(session)
            is_full = await self._send_page(missed)

    async def _missed(self, session: AsyncSession) -> list[MessageFrame]:
        return await queries.thread(
            session, self._actor, self._ticket_id, after=self._sent.last, before=None, limit=BACKLOG_PAGE
        )

    async def _send_page(self, missed: list[MessageFrame]) -> bool:
        """Whether there may be another one."""
        for frame in missed:
            # What came behind a gap has been sent already.
            if self._sent.add(frame.seq):
                await self._pump.send_now(msgspec.json.encode(frame))
        return len(missed) == BACKLOG_PAGE

    async def _tell_typing(self, *, typing: bool) -> None:
        # The whole desk hears of it: one customer in a hurry must not make agents fall behind.
        if not self._typing.take():
            return
        person = self._person
        in_room = same_for_all(TypingFrame(person, typing), skip=person)
        on_desk = same_for_all(DeskTypingFrame(self._ticket_id, person, typing), skip=person)
        # Past `announce`: it is never stored, so there is no commit to wait for.
        await self._state.broker.publish([(room_channel(self._ticket_id), in_room), (DESK, on_desk)])

    def _is_news(self, event: Event) -> bool:
        """Sent by nothing before: an event may be published after its row was read, or be told twice."""
        return not isinstance(event, MessagePosted) or self._sent.add(event.number_for(self._person))

    def _refuse(self, frame: bytes, error: DomainError) -> None:
        self._pump.send(msgspec.json.encode(error_frame(error, frame)))


def _number(ticket_id: str) -> int:
    """Raises Hangup where no ticket can have it."""
    if not _IS_NUMBER.fullmatch(ticket_id):
        raise _nothing()
    return int(ticket_id)


def _nothing() -> Hangup:
    return Hangup(NOT_FOUND, "no such ticket")


def _after(websocket: WebSocket) -> int | None:
    """The `after` of the query string; what is not a number asks for everything, so that nothing is missed."""
    text = websocket.query_params.get("after")
    if text is None:
        return None
    return int(text) if _IS_NUMBER.fullmatch(text) else 0
