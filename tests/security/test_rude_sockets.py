"""Peers that break the rules of sockets, or do not read: they are let go of, and leave nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI, WebSocket

from csts.cli import serve
from csts.realtime import protocol
from tests.people import Somebody
from tests.realtime.ears import eventually
from tests.security.conftest import dialling
from tests.security.lines import BINARY, CLOSE, CONTINUATION, PING, TEXT, Dial, Line, frame, head, upgraded
from tests.support import live

pytestmark = [pytest.mark.sockets, pytest.mark.once]

MALFORMED = b"\xff\xff" + bytes(4)
PINGS = frame(PING, b"x" * 125) * 500
NOT_TEXT = frame(TEXT, b"\xc3\x28")
# None is the end of what it sends.
GOODBYES = {"malformed": MALFORMED, "close": frame(CLOSE), "text": NOT_TEXT, "eof": None}
# 1007, as a close frame says it.
INVALID_TEXT = b"\x03\xef"
END = bytes([0x80 | CLOSE])


class Doorman(FastAPI):
    """Lets sockets wait in front of the door until a test opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.knocked = asyncio.Semaphore(0)
        self.opened = asyncio.Event()
        self.left = asyncio.Semaphore(0)
        self.add_api_websocket_route("/slow", self._wait)

    async def _wait(self, websocket: WebSocket) -> None:
        self.knocked.release()
        await self.opened.wait()
        try:
            await websocket.accept()
            await websocket.send_text("welcome")
            await websocket.receive_text()
        finally:
            self.left.release()


@pytest.fixture
def doorman() -> Doorman:
    return Doorman()


@pytest.fixture
async def knock(doorman: Doorman) -> AsyncIterator[Dial]:
    async with dialling(doorman) as dial:

        async def connect() -> Line:
            line = await upgraded(dial, "/slow", is_awaited=False)
            await doorman.knocked.acquire()
            return line

        yield connect


@pytest.fixture
def linger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for long."""
    monkeypatch.setattr(protocol, "LINGER_SECONDS", 0.2)


async def test_malformed_frame_before_the_door_is_open_is_the_end(
    doorman: Doorman, knock: Dial, caplog: pytest.LogCaptureFixture
) -> None:
    for rude in (MALFORMED, NOT_TEXT, frame(CLOSE), frame(TEXT) * 300):
        line = await knock()
        line.writer.write(rude)
        async with asyncio.timeout(5):
            assert await line.rest() == b""
    doorman.opened.set()
    for _ in range(4):
        await doorman.left.acquire()
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


async def test_ping_before_the_door_is_open_is_not_answered(doorman: Doorman, knock: Dial) -> None:
    line = await knock()
    line.writer.write(frame(PING, b"early") + frame(TEXT, b"hello"))
    # Until somebody else stands there, the server has read this.
    await knock()
    doorman.opened.set()
    async with asyncio.timeout(5):
        said = await line.reader.readuntil(b"welcome")
        await doorman.left.acquire()
    assert said.startswith(b"HTTP/1.1 101")
    assert b"early" not in said + await line.rest()


async def test_head_that_no_socket_may_have_is_refused(dial: Dial) -> None:
    line = await dial()
    line.writer.write(head("/ws/echo", "".join(f"X-{number}: 1\r\n" for number in range(200))))
    async with asyncio.timeout(5):
        assert (await line.rest()).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("path", ["/ws/inbox", "/ws/echo"])
async def test_text_that_is_none_is_1007(
    dial: Dial, ana: Somebody, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    line = await upgraded(dial, path, ana.token)
    await line.reader.readuntil(b'"ready"')
    line.writer.write(NOT_TEXT)
    async with asyncio.timeout(5):
        assert INVALID_TEXT in (await line.rest()).rpartition(END)[2]
    assert "Traceback" not in caplog.text


async def test_bytes_are_no_ping(dial: Dial, caplog: pytest.LogCaptureFixture) -> None:
    line = await upgraded(dial, "/ws/echo")
    line.writer.write(frame(BINARY, b"hello"))
    async with asyncio.timeout(5):
        await line.reader.readuntil(b"only pings")
    assert "Traceback" not in caplog.text


async def test_text_beyond_ascii_is_heard(dial: Dial, ana: Somebody) -> None:
    line = await upgraded(dial, "/ws/inbox", ana.token)
    line.writer.write(frame(TEXT, '{"type":"ä𝔘"}'.encode()) + frame(TEXT, b'{"type":"ping"}'))
    async with asyncio.timeout(5):
        await line.reader.readuntil(b'{"type":"pong"}')


async def test_frames_that_come_in_pieces_are_heard_whole(dial: Dial, ana: Somebody) -> None:
    """Also the one whose first piece came before anybody listened."""
    ping, long_ping = frame(TEXT, b'{"type":"ping"}'), frame(TEXT, b'{"type": "ping"' + b" " * 90 + b"}")
    line = await upgraded(dial, "/ws/inbox", ana.token)
    line.writer.write(ping[:9])
    await line.reader.readuntil(b'"ready"')
    for piece in (ping[9:], ping + long_ping[:1], long_ping[1:7], long_ping[7:] + ping):
        line.writer.write(piece)
        await line.writer.drain()
    async with asyncio.timeout(5):
        for _ in range(4):
            await line.reader.readuntil(b'{"type":"pong"}')


async def test_text_in_parts_is_heard_once_and_whole(dial: Dial, ana: Somebody) -> None:
    line = await upgraded(dial, "/ws/inbox", ana.token)
    await line.reader.readuntil(b'"ready"')
    line.writer.write(frame(TEXT, b'{"type":', is_last=False) + frame(PING, b"between"))
    line.writer.write(frame(CONTINUATION, b'"ping"}') + frame(TEXT, b"nonsense"))
    async with asyncio.timeout(5):
        said = await line.reader.readuntil(b"invalid_input")
    assert said.count(b'{"type":"pong"}') == 1


@pytest.mark.parametrize(
    "goodbye", [MALFORMED, frame(CLOSE), NOT_TEXT, None], ids=["malformed", "close", "text", "eof"]
)
@pytest.mark.parametrize("path", ["/ws/inbox", "/ws/echo"])
@pytest.mark.usefixtures("linger")
async def test_who_does_not_read_is_let_go_of(dial: Dial, ana: Somebody, path: str, goodbye: bytes | None) -> None:
    await ana.get("/user/me")  # who asks first who he is opens a connection that stays
    before = open_sockets()
    line = await upgraded(dial, path, ana.token)
    line.stop_reading()
    await line.pour(PINGS, 100)
    if goodbye is None:
        line.writer.write_eof()
    else:
        line.writer.write(goodbye)
    # His own stays open: whoever does not read does not see the end either.
    await eventually(lambda: open_sockets() == before + 1)


@pytest.mark.usefixtures("linger")
async def test_who_neither_reads_nor_answers_has_left(
    app: FastAPI, ana: Somebody, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(live, "_config", impatient)
    async with dialling(app) as dial:
        await ana.get("/user/me")
        before = open_sockets()
        line = await upgraded(dial, "/ws/inbox", ana.token)
        await line.reader.readuntil(b'"ready"')
        line.stop_reading()
        await line.pour(PINGS, 100)
        await eventually(lambda: open_sockets() == before + 1)
        await eventually(lambda: "code=1011" in capsys.readouterr().out)


def impatient(app: FastAPI) -> uvicorn.Config:
    config = serve._config(app)
    config.ws_ping_interval, config.ws_ping_timeout = 0.1, 1.0
    return config


def open_sockets() -> int:
    """Of this process; files of the database come and go with what is done beside."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += str(descriptor.readlink()).startswith("socket:")
    return found
