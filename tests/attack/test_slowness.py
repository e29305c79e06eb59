"""Peers that take their time over a body: they are cut off, and honest people on slow lines are not."""

import asyncio

import pytest

from csts.kit import http
from tests.people import Somebody
from tests.security.conftest import dial as dial  # noqa: PLC0414 - a fixture, used by name
from tests.security.lines import TEXT, Dial, frame, upgraded

pytestmark = [pytest.mark.sockets, pytest.mark.once]

HEAD = b"POST /connection/upload HTTP/1.1\r\nHost: desk.test\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_SECONDS", 0.5)


async def test_a_body_that_does_not_come_is_not_waited_for(dial: Dial) -> None:
    lines = [await dial() for _ in range(3)]
    lines[0].writer.write(HEAD % 10_000)
    lines[1].writer.write(HEAD % 10_000 + b"a" * 100)
    lines[2].writer.write(HEAD.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked") + b"5\r\nhello")
    async with asyncio.timeout(10):
        for line in lines:
            assert await line.ended()


async def test_a_body_in_drops_is_cut_off(dial: Dial) -> None:
    """Each byte is in time for the one before; that it is never done is what costs us a connection."""
    line = await dial()
    line.writer.write(HEAD % 10_000)

    async def drip() -> None:
        while True:
            line.writer.write(b"a")
            await asyncio.sleep(0.05)  # the attack itself, not a wait for something

    dripping = asyncio.create_task(drip())
    async with asyncio.timeout(10):
        assert await line.ended()
    dripping.cancel()


async def test_a_body_that_keeps_its_pace_is_waited_for(dial: Dial) -> None:
    """Longer than the time that it had at first: each byte has earned some more."""
    line = await dial()
    line.writer.write(HEAD % 3_000)
    for _ in range(6):
        line.writer.write(b"a" * 500)
        await asyncio.sleep(0.2)  # a slow line
    async with asyncio.timeout(10):
        assert b'{"bytes":3000}' in await line.rest()


async def test_a_socket_is_no_slow_body(dial: Dial, ana: Somebody) -> None:
    line = await upgraded(dial, "/ws/inbox", ana.token)
    await line.reader.readuntil(b'"ready"')
    await asyncio.sleep(1)  # twice as long as a body would have
    line.writer.write(frame(TEXT, b'{"type":"ping"}'))
    async with asyncio.timeout(5):
        await line.reader.readuntil(b'{"type":"pong"}')
