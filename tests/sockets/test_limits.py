"""What a socket bears: large frames, floods, readers that do not read, and the end of the server."""

import asyncio
import json
import time
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.make import open_ticket
from tests.people import Somebody
from tests.sockets.deaf import deaf, write_until_somebody_falls_behind
from tests.support.chat import Chat, join, open_socket
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once]


# While such a client still sends, nginx passes on no goodbye: it gets 1006 from there.
LARGE = [pytest.param(size, marks=pytest.mark.alone) for size in (1_000_000, 8_000_000)]


@pytest.mark.parametrize("size", [70_000, *LARGE])
async def test_frame_over_64_kib_is_1009(server: Server, ana: Somebody, size: int) -> None:
    async with open_socket(f"{server.sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        with suppress(ConnectionClosed):
            await inbox.send_raw("x" * size)
        assert (await inbox.closed())[0] == 1009


async def test_frame_just_below_64_kib_is_read(server: Server, ana: Somebody) -> None:
    async with open_socket(f"{server.sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        await inbox.send_raw(json.dumps({"type": "ping", "x": "x" * 65_000}))
        await inbox.next("error")


async def test_flood_of_frames_is_4429_and_keeps_nobody_waiting(
    server: Server, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        open_socket(f"{server.sockets}/ws/inbox", ben.token) as inbox,
        join(server.sockets, ticket_id, priya.token) as agent,
    ):
        await inbox.next("ready")
        await agent.next("ready")
        async with asyncio.TaskGroup() as group:
            flood = group.create_task(_flood(inbox))
            waits = []
            while not flood.done():
                began = time.monotonic()
                await agent.say("Still there?")
                waits.append(time.monotonic() - began)
        assert flood.result() == 4429
        assert max(waits) < 5


async def _flood(inbox: Chat) -> int:
    """Ten thousand frames and more, as fast as they go; the code that ends it."""
    with suppress(ConnectionClosed):
        for _ in range(20_000):
            await inbox.send("ping")
    return (await inbox.closed())[0]


@pytest.mark.alone
async def test_reader_that_never_comes_back_is_let_go_of(
    server: Server, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    """His connection is cut, and the room forgets him."""
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        deaf(server, ana, ticket_id),
        join(server.sockets, ticket_id, priya.token) as one,
        join(server.sockets, ticket_id, sam.token) as other,
    ):
        await one.next("ready")
        await other.next("ready")
        await write_until_somebody_falls_behind(server, one, other)
        async with join(server.sockets, ticket_id, sam.token) as later:
            assert (await later.next("ready"))["online"] == [priya.person, sam.person]
        await _connections_at(server.port, 2)


async def _connections_at(port: int, most: int) -> None:
    """Waits until the server holds no more sockets than this that are open on its side."""
    async with asyncio.timeout(15):
        while await asyncio.to_thread(_established, port) > most:
            await asyncio.to_thread(time.sleep, 0.1)


def _established(port: int) -> int:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


@pytest.mark.alone
async def test_sigterm_closes_sockets_with_1012_and_ends_within_ten_seconds(
    server: Server, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        deaf(server, ana, ticket_id),
        join(server.sockets, ticket_id, ana.token) as customer,
        join(server.sockets, ticket_id, priya.token) as agent,
        open_socket(f"{server.sockets}/ws/desk", priya.token) as desk,
    ):
        for chat in (customer, agent, desk):
            await chat.next("ready")
        began = time.monotonic()
        code = await asyncio.to_thread(server.stop)
        assert time.monotonic() - began < 10
        assert code == 0
        for chat in (customer, agent, desk):
            assert (await chat.closed())[0] == 1012
    assert "Traceback" not in server.said()


async def test_client_that_leaves_in_the_middle_leaves_no_error(server: Server, ana: Somebody) -> None:
    """Gone before the answer, during the backlog, or without a goodbye: an everyday thing on phones."""
    ticket_id = (await open_ticket(ana))["id"]
    for number in range(20):
        async with join(server.sockets, ticket_id, ana.token, after=0) as chat:
            if number % 2:
                await chat.next()
            chat.drop()
    async with join(server.sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        await chat.say("Here again")
    log = server.said()
    assert "Traceback" not in log
    assert '"level": "error"' not in log
