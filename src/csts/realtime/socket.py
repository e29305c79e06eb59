"""One socket: one reader, one writer, and a bounded outbox between the room and a slow network."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from csts.kit import clock
from csts.realtime.events import Event, Hangup
from csts.realtime.people import Person

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

Handle = Callable[[str | bytes], Awaitable[None]]
CatchUp = Callable[[], Awaitable[None]]


class Pump:
    """Moves frames between one person's socket and the rooms that it is subscribed to.

    Events are held back until `release`, so that what happens while the backlog is read comes after it. Only
    what ends the socket is never held back.
    """

    def __init__(self, websocket: WebSocket, person: Person, *, expires_at: datetime) -> None:
        self.person = person
        self._websocket = websocket
        self._expires_at = expires_at
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(OUTBOX_FRAMES)
        self._held: list[tuple[Event, Sequence[bytes]]] | None = []
        self._wanted: Callable[[Event], bool] = lambda _event: True
        self._end: asyncio.Future[Hangup] = asyncio.get_running_loop().create_future()
        self._is_receiving = False

    def deliver(self, event: Event) -> None:
        """Queue what this person may see of the event. Never waits: who falls behind is hung up on."""
        try:
            frames = event.frames(self.person)
        except Hangup as hangup:
            self.hang_up(hangup)
            return
        if self._held is None:
            self._queue(event, frames)
        elif len(self._held) < OUTBOX_FRAMES:
            self._held.append((event, frames))
        else:
            self.hang_up(Hangup(FELL_BEHIND, "fell behind"))

    def _queue(self, event: Event, frames: Sequence[bytes]) -> None:
        if self._wanted(event):
            for frame in frames:
                self.send(frame)

    def send(self, frame: bytes) -> None:
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self.hang_up(Hangup(FELL_BEHIND, "fell behind"))

    async def send_now(self, frame: bytes) -> None:
        """Send at the pace of the network, past the outbox; for what catches up, a backlog of any length."""
        try:
            await self._websocket.send_text(frame.decode())
        except (WebSocketDisconnect, RuntimeError):
            # Starlette reports a peer that has gone as either, depending on who noticed first.
            raise Hangup(1006, "gone while writing") from None

    def release(self, wanted: Callable[[Event], bool]) -> None:
        """From now on deliver the wanted events, beginning with those that were held back."""
        held, self._held, self._wanted = self._held or [], None, wanted
        for event, frames in held:
            self._queue(event, frames)

    def hang_up(self, hangup: Hangup) -> None:
        if not self._end.done():
            self._end.set_result(hangup)

    async def run(self, catch_up: CatchUp, handle: Handle) -> Hangup:
        """Catch up, then pump until either side hangs up or the access token expires; closes and says why."""
        seconds_left = (self._expires_at - clock.now()).total_seconds()
        expiry = asyncio.get_running_loop().call_later(
            max(0.0, seconds_left), self.hang_up, Hangup(UNAUTHENTICATED, "the access token expired")
        )
        try:
            async with asyncio.TaskGroup() as group:
                # Catching up belongs to the writer: a deaf peer or a dead session ends it like everything else.
                writer = group.create_task(self._write(catch_up))
                reader = group.create_task(self._read(handle))
                end = await self._end
                writer.cancel()
                # A frame that is being handled is finished: its message may be committed and not yet told.
                if self._is_receiving:
                    reader.cancel()
        finally:
            expiry.cancel()
        await self._close(end)
        return end

    async def _write(self, catch_up: CatchUp) -> None:
        try:
            await catch_up()
            while True:
                await self.send_now(await self._outbox.get())
        except Hangup as hangup:
            self.hang_up(hangup)

    async def _read(self, handle: Handle) -> None:
        allowance = Allowance(FRAMES_PER_SECOND, FRAME_BURST)
        while not self._end.done():
            self._is_receiving = True
            message = await self._websocket.receive()
            self._is_receiving = False
            if message["type"] == "websocket.disconnect":
                self.hang_up(Hangup(message.get("code") or 1005, message.get("reason") or "left"))
            elif not allowance.take():
                self.hang_up(Hangup(TOO_MANY, "too many frames"))
            else:
                await self._handle(handle, message.get("text") or message.get("bytes") or b"")
                # Frames that are here already come without a wait: the writer, and everybody else, get their turn.
                await asyncio.sleep(0)

    async def _handle(self, handle: Handle, frame: str | bytes) -> None:
        try:
            await handle(frame)
        except Hangup as hangup:
            self.hang_up(hangup)
        except Exception:  # noqa: BLE001 - the edge of a process: one bad frame must not take the socket's other duties down
            _log.exception("socket_frame_failed")
            self.hang_up(Hangup(1011, "internal error"))

    async def _close(self, end: Hangup) -> None:
        if self._websocket.client_state is WebSocketState.CONNECTED:
            await close(self._websocket, end.code, end.reason)


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
