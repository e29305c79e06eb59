"""HTTP on the wire: a head or a body without an end, in length or in time, is cut off before others wait for it."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD_BYTES = 128 * 1024
HEAD_SECONDS = 20.0
# A body has this long, and longer for each byte that has come: a phone on the edge of its network sends ten times that.
BODY_SECONDS, BODY_BYTES_PER_SECOND = 30.0, 500


class HttpProtocol(HttpToolsProtocol):
    """As uvicorn's own, which reads a head of any length, and waits for head and body without an end."""

    _head_bytes = 0
    _deadline: asyncio.TimerHandle | None = None
    _body_bytes = 0
    _body_began = 0.0
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        awaited = self._deadline
        super().data_received(data)
        if awaited is not None and self._deadline is awaited:  # all of it was a head that goes on
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._body_bytes, self._body_began = 0, self.loop.time()
        self._look = self.loop.call_later(BODY_SECONDS, self._look_at_body)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head_bytes = 0
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _look_at_body(self) -> None:
        allowed = BODY_SECONDS + self._body_bytes / BODY_BYTES_PER_SECOND
        left = self._body_began + allowed - self.loop.time()
        if self.flow.read_paused:  # it is we who do not read
            left = BODY_SECONDS
        if left > 0:
            self._look = self.loop.call_later(left, self._look_at_body)
        else:
            self.transport.abort()

    def _stop_waiting(self) -> None:
        for timer in (self._deadline, self._look):
            if timer is not None:
                timer.cancel()
        self._deadline = self._look = None
