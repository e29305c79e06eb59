"""One socket: what it may send at once, what waits for a slow network, and when it ends."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from csts.kit import clock
from csts.realtime.events import Event, Hangup
from csts.realtime.people import Person
from csts.realtime.protocol import wire_of

_log = structlog.get_logger()

# 4000 to 4999 are for applications (RFC 6455, 7.4.2); these end in the HTTP status that they stand for.
UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY = 4401, 4403, 4404, 4429
# "Try again later" in IANA's list, and that is what the client should do.
FELL_BEHIND = 1013
# A message of 4,000 characters takes up to 48,000 bytes, when each is escaped as a pair of `\u`.
MAX_FRAME_BYTES = 64 * 1024
OUTBOX_FRAMES = 512
# Far above what people do, and far below what a client in a loop does.
FRAMES_PER_SECOND, FRAME_BURST = 500, 2000
# So many messages of one socket may wait for their commit; the rest waits in the network, and with it its sender.
MOST_UNANSWERED = 64
# What is under way when a socket has to end gets so long to be answered: less than a server has to stop.
FAREWELL_SECONDS = 5.0

# Does what a frame asks for, or gives back what is left of it to be waited for.
Handle = Callable[[bytes], Awaitable[None] | None]
CatchUp = Callable[[], Awaitable[None]]


class Pump:
    """Moves frames between one person's socket and the rooms that it is subscribed to.

    Events are held back until `release`, so that what happens while the backlog is read comes after it. Only
    what ends the socket is never held back. Frames are handled in their order, one after the other.
    """

    def __init__(self, websocket: WebSocket, person: Person, *, expires_at: datetime) -> None:
        self.person = person
        self._websocket = websocket
        self._wire = wire_of(websocket)
        self._expires_at = expires_at
        # Lists, which are empty nearly always, and then take a tenth of the memory of any queue.
        self._outbox: list[bytes] = []
        self._held: list[tuple[Event, Sequence[bytes]]] | None = []
        self._wanted: Callable[[Event], bool] = lambda _event: True
        self._inbox: list[bytes] = []
        self._allowance = Allowance(FRAMES_PER_SECOND, FRAME_BURST)
        self._handle: Handle = lambda _frame: None
        self._unanswered = 0
        self._is_handling = False
        self._finished: asyncio.Future[None] | None = None
        self._is_gone = False
        self._end: asyncio.Future[Hangup] = asyncio.get_running_loop().create_future()
        self._group = asyncio.TaskGroup()
        self._catching_up: asyncio.Task[None] | None = None
        self._again: CatchUp | None = None
        self._handling: asyncio.Task[None] | None = None
        self._edge = _Edge(self)

    def deliver(self, event: Event) -> None:
        """Send what this person may see of the event. Never waits: who falls behind is hung up on."""
        if self._end.done():
            return
        try:
            frames = event.frames(self.person)
        except Hangup as hangup:
            self.hang_up(hangup)
            return
        if self._held is None:
            self._pass_on(event, frames)
        elif len(self._held) < OUTBOX_FRAMES:
            self._held.append((event, frames))
        else:
            self.hang_up(Hangup(FELL_BEHIND, "fell behind"))

    def _pass_on(self, event: Event, frames: Sequence[bytes]) -> None:
        if self._wanted(event):
            for frame in frames:
                self.send(frame)

    def send(self, frame: bytes) -> None:
        """At once where the network takes it; else it waits its turn."""
        if not self._outbox and self._wire.write(frame):
            return
        if len(self._outbox) < OUTBOX_FRAMES:
            self._outbox.append(frame)
        else:
            self.hang_up(Hangup(FELL_BEHIND, "fell behind"))

    def writable(self) -> None:
        sent = 0
        while sent < len(self._outbox) and self._wire.write(self._outbox[sent]):
            sent += 1
        del self._outbox[:sent]

    async def send_now(self, frame: bytes) -> None:
        """Send at the pace of the network, past the outbox; for what catches up, a backlog of any length."""
        while not self._wire.write(frame):
            if not await self._wire.drained():
                raise Hangup(1006, "gone while writing")

    def release(self, wanted: Callable[[Event], bool]) -> None:
        """From now on deliver the wanted events, beginning with those that were held back."""
        held, self._held, self._wanted = self._held or [], None, wanted
        for event, frames in held:
            self._pass_on(event, frames)

    def hang_up(self, hangup: Hangup) -> None:
        if not self._end.done():
            self._end.set_result(hangup)

    def left(self, code: int, reason: str) -> None:
        # Who has gone is told nothing more; what he wrote is written all the same.
        self._is_gone = True
        self._settle()
        self.hang_up(Hangup(code, reason or "left"))

    def leave(self, code: int, reason: str) -> None:
        self.hang_up(Hangup(code, reason))

    def heard(self, frame: bytes) -> None:
        """A frame has arrived. What comes faster than it is done waits here, and its sender in the network."""
        if self._end.done():
            return
        if not self._allowance.take():
            self.hang_up(Hangup(TOO_MANY, "too many frames"))
            return
        self._inbox.append(frame)
        self._work()

    def expect(self) -> None:
        """A frame that was handled has yet to be answered: see `answered`."""
        self._unanswered += 1

    def answered(self) -> None:
        self._unanswered -= 1
        self._settle()
        self._work()

    async def run(self, catch_up: CatchUp, handle: Handle) -> Hangup:
        """Catch up, then pump until either side hangs up or the access token expires; closes and says why."""
        self._handle = handle
        seconds_left = (self._expires_at - clock.now()).total_seconds()
        expiry = asyncio.get_running_loop().call_later(
            max(0.0, seconds_left), self.hang_up, Hangup(UNAUTHENTICATED, "the access token expired")
        )
        try:
            async with self._group:
                self._begin_to(catch_up)
                self._wire.listen(self)
                end = await self._end
                # A deaf peer or a dead session ends a backlog like everything else.
                if self._catching_up:
                    self._catching_up.cancel()
                await self._finish()
        finally:
            expiry.cancel()
        await close(self._websocket, end.code, end.reason)
        return end

    def catch_up(self, catch_up: CatchUp) -> None:
        """Hold events back, send what was missed, and release them: again, where something may have passed by."""
        if self._end.done():
            return
        if self._catching_up is None or not self._catching_up.done():
            # What has been read for the one that is under way, or has yet to begin, may be old by now.
            self._again = catch_up
            return
        self._begin_to(catch_up)

    def _begin_to(self, catch_up: CatchUp) -> None:
        self._held = self._held or []
        self._catching_up = self._group.create_task(self._catch_up(catch_up))

    async def _catch_up(self, catch_up: CatchUp) -> None:
        with self._edge:
            await catch_up()
            while self._again and not self._end.done():
                catch_up, self._again, self._held = self._again, None, self._held or []
                await catch_up()

    def _work(self) -> None:
        while self._inbox and not self._is_handling and self._unanswered < MOST_UNANSWERED and not self._end.done():
            self._do(self._inbox.pop(0))
        if self._inbox:
            self._wire.pause()
        else:
            self._wire.resume()

    def _do(self, frame: bytes) -> None:
        rest = None
        with self._edge:
            rest = self._handle(frame)
        if rest is not None:
            self._is_handling = True
            self._handling = self._group.create_task(self._wait_for(rest))

    async def _wait_for(self, rest: Awaitable[None]) -> None:
        with self._edge:
            await rest
        self._is_handling = False
        self._settle()
        self._work()

    def _settle(self) -> None:
        if self._finished and self._is_idle and not self._finished.done():
            self._finished.set_result(None)

    @property
    def _is_idle(self) -> bool:
        return self._is_gone or not (self._unanswered or self._is_handling)

    async def _finish(self) -> None:
        """A frame that is being handled is finished: its message may be committed and not yet told."""
        if not self._is_idle:
            self._finished = asyncio.get_running_loop().create_future()
            with suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._finished
        if self._handling:
            self._handling.cancel()


class _Edge:
    """The edge of a process: what fails in this block ends its own socket, and no other.

    A class, since each frame passes it, and a generator would cost more than to read the frame.
    """

    def __init__(self, pump: Pump) -> None:
        self._pump = pump

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, Hangup):
            self._pump.hang_up(error)
        elif isinstance(error, Exception):
            _log.error("socket_frame_failed", exc_info=error)
            self._pump.hang_up(Hangup(1011, "internal error"))
        return isinstance(error, Exception)


class Allowance:
    """A token bucket: `per_second` on average, `burst` at once."""

    def __init__(self, per_second: float, burst: float, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._left = burst
        self._seconds = seconds
        self._at = seconds()

    def take(self) -> bool:
        now = self._seconds()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


async def close(websocket: WebSocket, code: int, reason: str) -> None:
    """Close an accepted socket, whose peer may have gone already."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(code, reason)
