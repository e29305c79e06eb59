"""The doors that the connection doctor knocks at are open to all, and bounded."""

import asyncio
import json

import pytest
from httpx2 import AsyncClient

from csts.ops.connection import ECHO_FRAMES, MOST_ECHOES_FROM_AN_ADDRESS
from tests.support.chat import open_socket
from tests.support.server import Server

pytestmark = pytest.mark.once


async def test_a_request_is_told_how_it_arrived(client: AsyncClient) -> None:
    own = (await client.post("/connection/seen", headers={"Origin": "http://desk.test"})).json()
    foreign = (await client.post("/connection/seen", headers={"Origin": "https://elsewhere.example"})).json()
    assert (own["own_origin"], foreign["own_origin"]) == (True, False)
    assert own["expected"] == ["http://desk.test"]
    assert own["secure_cookies"] is False


async def test_the_bytes_of_an_upload_are_counted_and_not_kept(client: AsyncClient) -> None:
    files = {"file": ("connection-test.bin", bytes(1_000_000))}
    received = (await client.post("/connection/upload", files=files)).json()["bytes"]
    assert 1_000_000 < received < 1_001_000


async def test_whoever_asks_too_often_is_sent_away(client: AsyncClient) -> None:
    answers = [(await client.post("/connection/seen")).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


@pytest.mark.sockets
async def test_an_echo_tells_how_it_arrived_and_answers_pings(server: Server) -> None:
    async with open_socket(f"{server.sockets}/ws/echo", origin=server.url) as socket:
        ready = await socket.next("ready")
        await socket.send("ping")
        assert await socket.next() == {"type": "pong"}
    assert (ready["own_origin"], ready["expected"]) == (True, [server.url])


@pytest.mark.sockets
@pytest.mark.parametrize(
    "frame", [json.dumps({"type": "typing", "typing": True}), "Hello", " " * 60 + '{"type":"ping"}', "[" * 60]
)
async def test_an_echo_hangs_up_on_anything_but_a_ping(server: Server, frame: str) -> None:
    async with open_socket(f"{server.sockets}/ws/echo") as socket:
        await socket.send_raw(frame)
        assert await socket.closed() == (1008, "only pings are answered here")


@pytest.mark.sockets
async def test_an_echo_is_for_tests_and_not_for_life(server: Server) -> None:
    async with open_socket(f"{server.sockets}/ws/echo") as socket:
        for _ in range(ECHO_FRAMES):
            await socket.send("ping")
        assert await socket.closed() == (4429, "too many frames")


@pytest.mark.alone
@pytest.mark.sockets
async def test_one_address_cannot_take_all_echoes(server: Server) -> None:
    async with asyncio.TaskGroup() as group:
        enough = asyncio.Event()

        async def hold() -> str:
            async with open_socket(f"{server.sockets}/ws/echo") as socket:
                how = await socket.opening()
                if how == "ready":
                    await enough.wait()
                return how

        held = [group.create_task(hold()) for _ in range(MOST_ECHOES_FROM_AN_ADDRESS + 1)]
        done, _ = await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in done] == ["4429"]
        enough.set()
    async with open_socket(f"{server.sockets}/ws/echo") as socket:
        assert await socket.opening() == "ready"
