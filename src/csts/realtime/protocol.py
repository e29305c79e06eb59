"""The end of a socket on the wire: a peer that reads nothing hears why it is hung up on, and is let go of."""

import asyncio

# Private to uvicorn, whose public side has no place between a frame and its transport; the lock file pins it.
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame

# What a slow peer gets to read what is left and the goodbye; its connection is cut then.
LINGER_SECONDS = 5.0


class SocketProtocol(WebSocketsSansIOProtocol):
    """As uvicorn's own, which would wait for a deaf peer before its goodbye, and after it without an end."""

    _cut: asyncio.TimerHandle | None = None

    async def send(self, message: ASGISendEvent) -> None:
        is_goodbye = message["type"] == "websocket.close"
        if is_goodbye:
            # Behind what is buffered already: a full buffer is the very reason for many a goodbye.
            self.writable.set()
        await super().send(message)
        if is_goodbye and self._cut is None:
            self._cut = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def handle_ping(self) -> None:
        if self.writable.is_set():
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

    def connection_lost(self, exc: Exception | None) -> None:
        if self._cut is not None:
            self._cut.cancel()
        super().connection_lost(exc)
