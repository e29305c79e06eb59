"""`csts serve --workers`: several processes that stand for one server, and end as one."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import Chat, join
from tests.support.command import run
from tests.support.redis import Redis
from tests.support.workers import Workers, is_alive, wait_for_end

pytestmark = [pytest.mark.sockets, pytest.mark.once]


@pytest.fixture
def redis() -> Iterator[Redis]:
    running = Redis()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path, redis: Redis) -> Iterator[Workers]:
    with Workers({**environment, "CSTS_REDIS_URL": redis.url}, tmp_path) as running:
        yield running


async def sockets_in_both(stack: AsyncExitStack, server: Workers, ticket_id: int, who: Somebody) -> list[Chat]:
    """So many sockets that each process has some: who accepts a connection is up to the kernel."""
    chats = [await stack.enter_async_context(join(server.sockets, ticket_id, who.token)) for _ in range(12)]
    for chat in chats:
        await chat.next("ready")
    return chats


async def test_two_processes_are_one_server_until_sigterm(server: Workers, client: AsyncClient, ana: Somebody) -> None:
    """One story, for a start of three processes takes longer than all that is done with them."""
    ticket_id = (await open_ticket(ana))["id"]
    victim = (await asyncio.to_thread(server.workers))[0]
    os.kill(victim, signal.SIGKILL)
    workers = await asyncio.to_thread(server.workers, without=victim)
    assert '"code": -9' in server.log.read_text()
    async with AsyncExitStack() as stack:
        chats = await sockets_in_both(stack, server, ticket_id, ana)
        told = [await chat.say(f"From {number}") for number, chat in enumerate(chats)]
        for chat in chats:
            while len(chat.messages()) < len(chats):
                await chat.next("message")
            assert sorted(frame["seq"] for frame in chat.messages()) == [frame["seq"] for frame in told]
        assert "csts_sockets 12.0" in (await client.get("/metrics")).text
        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        assert {(await chat.closed())[0] for chat in chats} == {1012}
        assert await stopping == 0
    assert not any(is_alive(pid) for pid in workers)
    assert server.log.read_text().count("is at http://") == 1


async def test_no_worker_stays_behind_and_holds_the_port(server: Workers) -> None:
    orphans = await asyncio.to_thread(server.workers)
    server.leave_orphans()
    await asyncio.to_thread(wait_for_end, orphans)


def test_what_no_worker_can_begin_with_ends_the_command(
    environment: dict[str, str], tmp_path: Path, redis: Redis
) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "secret.key").touch()
    wrong = {**environment, "CSTS_REDIS_URL": redis.url, "CSTS_SECRET_KEY": ""}
    done = run(wrong, "serve", "--port", "0", "--workers", "2")
    assert done.returncode == 1
    assert "secret.key" in done.stderr
