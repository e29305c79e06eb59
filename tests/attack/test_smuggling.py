"""Requests with two ends (CL.TE, TE.CL, TE.TE, CL.CL): nginx as we recommend it and the desk see the same one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from tests.support.live import serving
from tests.support.nginx import Nginx

pytestmark = [pytest.mark.sockets, pytest.mark.once]

HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: desk.test\r\n\r\n"
CHUNK = f"{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n"
POST = "POST /connection/upload HTTP/1.1\r\nHost: desk.test\r\n"
TRANSFERS = [
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding:\tchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: identity, chunked",
    "Transfer-Encoding: chunked, identity",
    " Transfer-Encoding: chunked",
    "X: y\nTransfer-Encoding: chunked",
    "X: y\rTransfer-Encoding: chunked",
    "Transfer_Encoding: chunked",
    "Transfer-Encoding: \x0bchunked",
    "transfer-encoding: CHUNKED",
    "Transfer-Encoding: chunked;q=1",
    "Transfer-Encoding:\r\n chunked",
]
LENGTHS = [
    "+{0}",
    "-1",
    "0x{0:x}",
    "{0}, {0}",
    "{0},0",
    " {0} ",
    "{0}\r\nContent-Length: 0",
    "0\r\nContent-Length: {0}",
    "{0}.0",
    "{0}e0",
    "9" * 30,
]


def attacks() -> Iterator[str]:
    """Bytes of which one reader may see one request, and the next one two."""
    for transfer in TRANSFERS:
        yield f"{POST}Content-Length: {len(HIDDEN) + 5}\r\n{transfer}\r\n\r\n0\r\n\r\n{HIDDEN}"
        yield f"{POST}{transfer}\r\nContent-Length: 4\r\n\r\n{CHUNK}"
        yield f"{POST}{transfer}\r\n\r\n{CHUNK}"
    for length in LENGTHS:
        yield f"{POST}Content-Length: {length.format(len(HIDDEN))}\r\n\r\n{HIDDEN}"
    yield f"{POST}Content-Length: 0\r\n\r\n0\r\n\r\n".replace("\r\n\r\n0", "\r\n\r\n") + "X"
    yield f"{POST}Transfer-Encoding: chunked\r\n\r\n0;a=\n{HIDDEN}\r\n\r\n"
    yield f"{POST}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{HIDDEN}"
    yield f"{POST}Transfer-Encoding: chunked\r\n\r\n-1\r\n{HIDDEN}0\r\n\r\n"
    yield f"{POST}Transfer-Encoding: chunked\r\n\r\n0_1\r\nx\r\n0\r\nTrailer: x\r\n\r\n"
    yield f"GET /smuggling HTTP/1.1\r\nHost: desk.test\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}"
    for upgrade in ("h2c", "websocket", "websocket, h2c", "WebSocket\t"):
        yield (
            "GET /connection HTTP/1.1\r\nHost: desk.test\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            f"Upgrade: {upgrade}\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nSec-WebSocket-Version: 777\r\n"
            f"Content-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}"
        )


class Witness:
    """The desk, and what it was asked: each request is one that its sender's proxy has seen as one, too."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(str(scope["path"]))
        await self.app(scope, receive, send)


@pytest.fixture
def witness(app: FastAPI) -> Witness:
    return Witness(app)


@pytest.fixture
async def desk(witness: Witness) -> AsyncIterator[int]:
    async with serving(witness) as url:  # type: ignore[arg-type]  # it has all of an application that is asked for
        yield int(url.rpartition(":")[2])


async def answers_to(port: int, bytes_: bytes) -> int:
    """How many answers this side of the line gets, until it is hung up on or nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(bytes_)
    heard = b""
    with suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(5):
            # The last one asks to be hung up on, so that nobody waits for what will not come.
            while some := await reader.read(65536):
                heard += some
    writer.close()
    return heard.count(b"HTTP/1.1 ")


LAST = b"GET /last HTTP/1.1\r\nHost: desk.test\r\nConnection: close\r\n\r\n"


async def test_nothing_is_smuggled_past_nginx(desk: int, witness: Witness, tmp_path: Path) -> None:
    """What the desk answers is what nginx has asked it: as many requests as its client got answers to, and no more."""
    nginx = Nginx(tmp_path / "nginx", [desk])
    nginx.start()
    try:
        for number, attack in enumerate(attacks()):
            witness.asked.clear()
            heard = await answers_to(nginx.port, attack.encode("latin-1") + LAST)
            assert len(witness.asked) <= heard, (number, attack, witness.asked)
    finally:
        nginx.stop()


async def test_the_desk_alone_refuses_what_has_two_ends(desk: int, witness: Witness) -> None:
    """Without a proxy, or behind one that lets it through: of two lengths it believes none."""
    two_ends = (
        f"{POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{CHUNK}",
        f"{POST}Content-Length: {len(HIDDEN)}\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
        f"{POST}Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
        f"{POST}Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
    )
    for attack in two_ends:
        witness.asked.clear()
        await answers_to(desk, attack.encode())
        assert "/smuggled" not in witness.asked, attack
