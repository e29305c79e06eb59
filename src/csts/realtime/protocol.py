"""A socket on the wire: frames go straight to who listens and straight out, and a deaf peer is let go of."""

import asyncio
import random
from typing import Any, Protocol, cast

from starlette.websockets import WebSocket

# Private to uvicorn, whose public side has no place between a frame and its transport; the lock file pins it.
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Close, Frame
from websockets.http11 import Request

from csts.realtime.frames import header, is_text, whole_text

# What a slow peer gets to read what is left and the goodbye; its connection is cut then.
LINGER_SECONDS = 5.0
# What may wait where nobody listens yet; more than an echo, where nobody ever does, answers in its life.
MOST_EARLY_FRAMES = 256
RESTARTING, INVALID_TEXT = 1012, 1007
# Clients come back as fast as one process can let them in, and a few not slower than a person would notice.
RETURNS_PER_SECOND = 1000


class Listener(Protocol):
    """Who gets what arrives on a wire. It is called in the middle of reading, so it must neither wait nor raise."""

    def heard(self, frame: bytes) -> None: ...

    def left(self, code: int, reason: str) -> None: ...

    def writable(self) -> None:
        """The network takes more again."""

    def leave(self, code: int, reason: str) -> None:
        """The server is about to end: say goodbye when what is under way is done."""


class Wire(Protocol):
    """One open socket without tasks and queues: what a frame costs here, it costs ten thousand times a second."""

    def listen(self, listener: Listener) -> None: ...

    def write(self, frame: bytes) -> bool:
        """Send a text frame if the network takes it now; false if it does not."""

    async def drained(self) -> bool:
        """Waits until the network takes more; false when nobody is there any more."""

    def pause(self) -> None:
        """Read no further: the peer has to wait."""

    def resume(self) -> None: ...


class SocketProtocol(WebSocketsSansIOProtocol):
    """As uvicorn's own, which has a queue and a change of tasks for each frame, and no end for a deaf peer."""

    _cut: asyncio.TimerHandle | None = None
    _listener: Listener | None = None
    # Whether the library has read no part of a frame, so that what comes now begins with one.
    _is_between_frames = False

    async def run_asgi(self) -> None:
        cast("dict[str, object]", self.scope["extensions"])["csts.wire"] = self
        await super().run_asgi()
        self._cut_soon()

    def listen(self, listener: Listener) -> None:
        self._listener = listener
        while not self.queue.empty():
            early = self.queue.get_nowait()
            if early["type"] == "websocket.receive":
                listener.heard((early.get("text") or "").encode() or early.get("bytes") or b"")
            elif early["type"] == "websocket.disconnect":
                listener.left(early["code"], early.get("reason") or "")
        # Nobody asks for either again, and together they are a tenth of what an idle socket weighs.
        self.queue = _NOBODY
        del self.request, self.response
        self._look_between_frames()
        self.resume()

    def write(self, frame: bytes) -> bool:
        if self.close_sent or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(header(len(frame)) + frame)
        return True

    async def drained(self) -> bool:
        await self.writable.wait()
        return not (self.disconnected or self.close_sent or self.transport.is_closing())

    def pause(self) -> None:
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def resume(self) -> None:
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    async def send(self, message: ASGISendEvent) -> None:
        is_goodbye = message["type"] == "websocket.close"
        if is_goodbye:
            # Behind what is buffered already: a full buffer is the very reason for many a goodbye.
            self.writable.set()
        try:
            await super().send(message)
        finally:
            if is_goodbye:
                self._cut_soon()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        # The head comes in the same breath.
        self.loop.call_soon(self._refuse_unread)

    def data_received(self, data: bytes) -> None:
        rest = self._heard_at_once(data) if self._is_between_frames and self._listener else data
        if rest:
            super().data_received(rest)
            self._look_between_frames()

    def _heard_at_once(self, data: bytes) -> bytes:
        """Tell of the texts that stand whole at the beginning; what else there is."""
        start = 0
        while self._listener and start < len(data) and not (self.close_sent or self.transport.is_closing()):
            found = whole_text(data, start)
            if found is None or len(found[0]) > self.config.ws_max_size:
                break
            text, start = found
            self._listener.heard(text)
        return data[start:] if start else data

    def _look_between_frames(self) -> None:
        # Its parser says so by where it waits, and in no other way: for the end of the line, and for no more bytes.
        parser = getattr(self.conn.parser, "gi_yieldfrom", None)
        waits = getattr(parser, "gi_yieldfrom", None)
        is_idle = waits is not None and waits.__name__ == "at_eof"
        self._is_between_frames = is_idle and self.conn.current_size is None and not self.close_sent

    def send_receive_event_to_app(self) -> None:
        frame = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        if self.close_sent or self.transport.is_closing():
            self.frames = []
        elif self.curr_msg_data_type == "text" and not is_text(frame):
            self.conn.fail(INVALID_TEXT, "not UTF-8")
            self.handle_parser_exception()
        elif self._listener is not None:
            self.frames = []
            self._listener.heard(frame)
        elif self.queue.qsize() < MOST_EARLY_FRAMES:
            super().send_receive_event_to_app()
        else:
            self._drop()

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.close_sent:
            self._cut_soon()

    def handle_ping(self) -> None:
        if self.handshake_complete and self.writable.is_set() and not self.close_sent:
            super().handle_ping()
        else:
            # Forgotten: a peer that pings and does not read would make us keep an answer to each.
            self.conn.data_to_send()

    def handle_cont(self, event: Frame) -> None:
        # A message of endless empty parts never grows too large, and never ends.
        if event.data or event.fin:
            super().handle_cont(event)
        else:
            self.transport.abort()

    def handle_close(self, event: Frame) -> None:
        if not self.handshake_complete:
            self._drop()
            return
        super().handle_close(event)
        self._part(self.conn.close_rcvd)

    def handle_parser_exception(self) -> None:
        if self.conn.close_sent is None:
            # Before the handshake has ended there is no close frame to say it with.
            self._drop()
            return
        super().handle_parser_exception()
        self._part(self.conn.close_sent)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._part(self.conn.close_sent)

    def eof_received(self) -> None:
        # The transport closes itself now, when all is written: to a peer that does not read, never.
        self._cut_soon()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._listener is not None:
            self._listener.writable()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)
        self._tell_left(1006, "broken off")

    def shutdown(self) -> None:
        if self._listener is None or self.close_sent:
            super().shutdown()
            self._cut_soon()
            return
        spread = max(1.0, len(self.connections) / RETURNS_PER_SECOND)
        # Its own moment for each, or all would come back as one to the process that is left.
        self._listener.leave(RESTARTING, f"restarting, retry in {random.uniform(0, spread):.1f} s")  # noqa: S311

    def _part(self, said: Close | None) -> None:
        self._cut_soon()
        if said is not None:
            self._tell_left(said.code, said.reason)

    def _cut_soon(self) -> None:
        """A transport that is closed waits until all is written, and what its peer does not read never is."""
        if self._cut is None and not self.disconnected:
            self._cut = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _drop(self) -> None:
        # From this moment, and not only when the transport says so: an application that accepts now finds nobody.
        self.disconnected = True
        self.transport.abort()

    def _refuse_unread(self) -> None:
        """A head that went past the HTTP parser and not past the library of sockets has its answer in there."""
        if not self.handshake_initiated and not self.disconnected:
            self.close_sent = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()
            self._cut_soon()

    def _tell_left(self, code: int, reason: str) -> None:
        if self._listener is not None:
            self._listener.left(code, reason)


class _Nobody(asyncio.Queue[Any]):
    """Takes what uvicorn goes on to queue for a reader that has found a better way."""

    def put_nowait(self, item: Any) -> None:
        pass


_NOBODY = _Nobody()


def wire_of(websocket: WebSocket) -> Wire:
    """The wire below an accepted socket, which only a server that runs `SocketProtocol` has."""
    return cast("Wire", websocket.scope["extensions"]["csts.wire"])
