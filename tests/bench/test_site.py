"""The little HTTP of the load generator, against servers that answer as they are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from csts.bench.cast import picture
from csts.bench.http import Form, Site
from csts.bench.plan import Unmeasured


@asynccontextmanager
async def answering(*answers: str) -> AsyncIterator[tuple[Site, list[bytes]]]:
    """A site that gives one answer after the other, and what it was asked."""
    left, asked = list(answers), list[bytes]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(64 * 1024))
        writer.write(left.pop(0).encode())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield Site(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"), asked


async def test_a_request_says_who_asks_and_what_for() -> None:
    async with answering('HTTP/1.0 200 OK\r\n\r\n{"id": 1}') as (site, asked):
        assert await site.post("/tickets/1/claim", {"a": 1}, "secret") == {"id": 1}
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /tickets/1/claim HTTP/1.0\r\n")
    assert b"Authorization: Bearer secret" in head
    assert body == b'{"a": 1}'


async def test_a_form_carries_its_picture() -> None:
    async with answering("HTTP/1.0 201 Created\r\n\r\n{}") as (site, asked):
        await site.post("/user/createticket", Form({"subject": "Hello"}, picture()))
    assert b'name="subject"\r\n\r\nHello\r\n' in asked[0]
    assert picture() in asked[0]


async def test_a_busy_desk_is_asked_again() -> None:
    async with answering("HTTP/1.0 503 Busy\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n[]") as (site, asked):
        assert await site.post("/user/login") == []
    assert len(asked) == 2


@pytest.mark.parametrize(
    "answer, told",
    [
        ("HTTP/1.0 429 Too Many\r\n\r\n", "CSTS_LIMIT_REGISTER"),
        ('HTTP/1.0 422 Wrong\r\n\r\n{"detail": "No such name."}', "422: No such name."),
        ("HTTP/1.0 502 Bad Gateway\r\n\r\n<h1>nginx</h1>", "502: <h1>nginx</h1>"),
        ("220 mail.example.org ESMTP", "does not speak HTTP"),
    ],
)
async def test_a_refusal_is_told_in_a_sentence(answer: str, told: str) -> None:
    async with answering(answer) as (site, _):
        with pytest.raises(Unmeasured, match=told):
            await site.post("/user/register")


@pytest.mark.parametrize("url", ["desk.example.org", "ftp://desk.example.org", "http://"])
def test_an_address_begins_with_its_scheme(url: str) -> None:
    with pytest.raises(Unmeasured, match="http://"):
        Site(url)


def test_sockets_are_as_safe_as_pages() -> None:
    assert Site("https://desk.example.org/").sockets == "wss://desk.example.org"
    assert Site("http://127.0.0.1:8000").sockets == "ws://127.0.0.1:8000"
