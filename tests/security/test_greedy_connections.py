"""Peers that send without an end: what they cost is bounded, and nobody else waits."""

import asyncio

import pytest

from csts.kit import http
from tests.people import Somebody
from tests.security.lines import CONTINUATION, TEXT, Dial, frame, upgraded

pytestmark = [pytest.mark.sockets, pytest.mark.once]


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
    line = await upgraded(dial, "/ws/inbox", ana.token)
    line.writer.write(frame(TEXT, is_last=False))
    assert await line.pour(frame(CONTINUATION, is_last=False) * 1000, 1000) < 1000


async def test_an_empty_last_part_ends_a_message(dial: Dial, ana: Somebody) -> None:
    line = await upgraded(dial, "/ws/inbox", ana.token)
    line.writer.write(frame(TEXT, b'{"type":"ping"}', is_last=False) + frame(CONTINUATION))
    async with asyncio.timeout(5):
        await line.reader.readuntil(b'{"type":"pong"}')
