"""Connections without a client library, which would be too polite."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, cast

CONTINUATION, TEXT, BINARY, CLOSE, PING = 0, 1, 2, 8, 9


class Line(NamedTuple):
    """Bytes, and nobody who minds what they say."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def pour(self, data: bytes, times: int) -> int:
        """Send this over and over; how often it went before the other side hung up."""
        for done in range(times):
            try:
                self.writer.write(data)
                await self.writer.drain()
            except ConnectionError:
                return done
        return times

    def stop_reading(self) -> None:
        cast("asyncio.Transport", self.writer.transport).pause_reading()

    def hang_up(self) -> None:
        self.writer.transport.abort()

    async def rest(self) -> bytes:
        """All that is said until the other side hangs up."""
        said = b""
        with suppress(ConnectionError):
            while some := await self.reader.read(65536):
                said += some
        return said

    async def ended(self) -> bool:
        await self.rest()
        return True


Dial = Callable[[], Awaitable[Line]]


async def upgraded(dial: Dial, path: str, token: str = "", *, is_awaited: bool = True) -> Line:
    """A socket; that it is let in is not waited for where a test has to be earlier."""
    line = await dial()
    line.writer.write(head(path, f"Authorization: Bearer {token}\r\n" if token else ""))
    if is_awaited:
        assert b"101" in await line.reader.readuntil(b"\r\n\r\n")
    return line


def head(path: str, more: str = "") -> bytes:
    key = base64.b64encode(bytes(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: desk.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{more}\r\n"
    ).encode()


def frame(kind: int, content: bytes = b"", *, is_last: bool = True) -> bytes:
    return bytes([is_last << 7 | kind, 0x80 | len(content)]) + bytes(4) + content
