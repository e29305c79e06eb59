"""Peers that send without an end, or do not read: what they cost is bounded, and nobody else waits."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import NamedTuple

import pytest
from fastapi import FastAPI

from csts.kit import http
from tests.people import Somebody
from tests.support.live import serving

pytestmark = [pytest.mark.sockets, pytest.mark.once]

TEXT, CONTINUATION = 1, 0


class Line(NamedTuple):
    """A connection without a client library, which would be too polite."""

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

    def hang_up(self) -> None:
        self.writer.transport.abort()

    async def ended(self) -> bool:
        with suppress(ConnectionError):
            while await self.reader.read(65536):
                pass
        return True


Dial = Callable[[], Awaitable[Line]]


@pytest.fixture
async def dial(app: FastAPI) -> AsyncIterator[Dial]:
    """Opens connections to the desk, and hangs up at the end."""
    async with serving(app) as url, AsyncExitStack() as lines:
        host, port = url.removeprefix("ws://").split(":")

        async def connect() -> Line:
            narrow = socket.socket()
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            narrow.connect((host, int(port)))
            line = Line(*await asyncio.open_connection(sock=narrow, limit=4096))
            lines.callback(line.hang_up)
            return line

        yield connect


async def upgraded(dial: Dial, who: Somebody) -> Line:
    line = await dial()
    key = base64.b64encode(bytes(16)).decode()
    head = (
        f"GET /ws/inbox HTTP/1.1\r\nHost: desk.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {who.token}\r\n\r\n"
    )
    line.writer.write(head.encode())
    assert b"101" in await line.reader.readuntil(b"\r\n\r\n")
    return line


def frame(kind: int, content: bytes = b"", *, is_last: bool = True) -> bytes:
    return bytes([is_last << 7 | kind, 0x80 | len(content)]) + bytes(4) + content


async def test_a_head_without_an_end_is_cut_off(dial: Dial) -> None:
    line = await dial()
    line.writer.write(b"GET /healthz HTTP/1.1\r\nX-Endless: ")
    assert await line.pour(b"a" * 65536, 1000) < 1000


async def test_a_head_that_does_not_come_is_not_waited_for(dial: Dial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "HEAD_SECONDS", 0.2)
    silent, slow = await dial(), await dial()
    slow.writer.write(b"GET /healthz HTTP/1.1\r\nHost:")
    async with asyncio.timeout(5):
        assert await silent.ended()
        assert await slow.ended()


async def test_a_head_of_ordinary_length_is_read(dial: Dial) -> None:
    line = await dial()
    line.writer.write(b"GET /healthz HTTP/1.1\r\nConnection: close\r\nX-Long: " + b"a" * 16_000 + b"\r\n\r\n")
    assert (await line.reader.read(12)) == b"HTTP/1.1 200"


async def test_empty_parts_without_an_end_are_cut_off(dial: Dial, ana: Somebody) -> None:
    """Eight megabytes of them kept everybody waiting for ten seconds."""
    line = await upgraded(dial, ana)
    line.writer.write(frame(TEXT, is_last=False))
    assert await line.pour(frame(CONTINUATION, is_last=False) * 1000, 1000) < 1000


async def test_an_empty_last_part_ends_a_message(dial: Dial, ana: Somebody) -> None:
    line = await upgraded(dial, ana)
    line.writer.write(frame(TEXT, b'{"type":"ping"}', is_last=False) + frame(CONTINUATION))
    async with asyncio.timeout(5):
        await line.reader.readuntil(b'{"type":"pong"}')
