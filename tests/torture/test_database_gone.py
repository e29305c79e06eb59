"""A database that is away for five seconds: whoever writes waits for it, and is told of nothing else."""

import asyncio
import uuid

from httpx2 import AsyncClient

from tests.make import open_ticket, thread
from tests.people import Somebody
from tests.support.chat import Chat, join, open_socket
from tests.support.fleet import Fleet
from tests.support.mariadb import MariaDB
from tests.torture.party import pause

GONE_SECONDS, LINES = 5.0, 40


async def test_a_database_that_is_gone_for_five_seconds_is_waited_for(
    server: Fleet, mariadb: MariaDB, ana: Somebody, priya: Somebody
) -> None:
    """Nobody is hung up on, refused, lost or doubled; what was on its way is acknowledged when it is back."""
    ticket_id = (await open_ticket(ana))["id"]
    here, there = (one.sockets for one in server.servers)
    async with join(here, ticket_id, ana.token) as hers, join(there, ticket_id, priya.token) as his:
        await hers.next("ready")
        await his.next("ready")
        async with asyncio.TaskGroup() as group:
            group.create_task(stream(hers, LINES))
            group.create_task(stream(his, LINES))
            await pause(asyncio.Event(), 0.5)
            await asyncio.to_thread(mariadb.kill)
            await pause(asyncio.Event(), GONE_SECONDS)
            await asyncio.to_thread(mariadb.start)
        for chat in (hers, his):
            while len({frame["id"] for frame in chat.messages()}) < 2 * LINES:
                await chat.next("message")
            assert [frame for frame in chat.seen if frame["type"] == "error"] == []
    told = {frame["seq"]: frame["content"] for frame in his.messages()}
    assert {row["seq"]: row["content"] for row in (await thread(priya, ticket_id))[1:]} == told
    assert sorted(told) == list(range(2, 2 * LINES + 2))


async def stream(chat: Chat, lines: int) -> None:
    """One line after the other, ten in a second, without waiting for answers; then waits for the last."""
    names = [str(uuid.uuid4()) for _ in range(lines)]
    for number, name in enumerate(names):
        await chat.send("message", client_id=name, content=f"{name} is number {number}")
        await pause(asyncio.Event(), 0.1)
    if not any(frame["client_id"] == names[-1] for frame in chat.messages()):
        await chat.next("message", client_id=names[-1], seconds=30)


async def test_who_comes_while_the_database_is_gone_is_told_to_come_again(
    server: Fleet, mariadb: MariaDB, client: AsyncClient, ana: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await asyncio.to_thread(mariadb.kill)
    for one in server.servers:
        answer = await ana.get(f"{one.url}/ticket/{ticket_id}")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_busy")
        assert answer.headers["Retry-After"]
        async with open_socket(f"{one.sockets}/ws/tickets/{ticket_id}", ana.token) as chat:
            assert (await chat.closed())[0] == 1013
    await asyncio.to_thread(mariadb.start)
    async with join(server.sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        await chat.say("There you are again")
