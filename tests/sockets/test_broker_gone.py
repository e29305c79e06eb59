"""Two processes without a Redis between them: people go on, and what others say comes late, but comes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket
from tests.people import Somebody
from tests.sockets.story import Line, Listener, Writer
from tests.support.chat import Chat, join
from tests.support.fleet import Fleet
from tests.support.redis import Redis

pytestmark = [pytest.mark.sockets, pytest.mark.once]

# What passed by is looked for once a second; a connection that says nothing is waited for a little longer.
LATE_SECONDS, FROZEN_SECONDS = 3, 8
Act = Callable[[Redis], None]


@pytest.fixture
def server(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    """Two processes, started with their Redis; with the parameter False while there is none."""
    fleet = Fleet(environment, tmp_path)
    try:
        fleet.start(broker=getattr(request, "param", True))
        yield fleet
    finally:
        fleet.stop()


@pytest.fixture
async def talk(server: Fleet, ana: Somebody, priya: Somebody) -> AsyncIterator[tuple[Chat, Chat]]:
    """Ana's socket at the first process, the agent's at the second, in one room."""
    ticket_id = (await open_ticket(ana))["id"]
    here, there = (one.sockets for one in server.servers)
    async with join(here, ticket_id, ana.token) as hers, join(there, ticket_id, priya.token) as his:
        await hers.next("ready")
        await his.next("ready")
        yield hers, his


async def verdicts(fleet: Fleet, client: AsyncClient) -> list[int]:
    return [(await client.get(f"{server.url}/readyz")).status_code for server in fleet.servers]


async def ready(fleet: Fleet, client: AsyncClient, verdict: int) -> None:
    async with asyncio.timeout(15):
        while set(await verdicts(fleet, client)) != {verdict}:
            pass


async def heard(listener: Chat, content: str, seconds: float = LATE_SECONDS) -> None:
    await listener.next("message", content=content, seconds=seconds)


@pytest.mark.parametrize("server", [False], indirect=True)
async def test_without_redis_at_the_start_people_talk_all_the_same(
    server: Fleet, client: AsyncClient, talk: tuple[Chat, Chat]
) -> None:
    hers, his = talk
    assert await verdicts(server, client) == [503, 503]
    assert "broker" in (await client.get(f"{server.servers[0].url}/readyz")).text
    await hers.say("Is anybody there?")
    await heard(his, "Is anybody there?")
    await asyncio.to_thread(server.redis.start)
    await ready(server, client, 200)
    await his.say("I am")
    await heard(hers, "I am")


@pytest.mark.parametrize(
    "end, beginning, seconds", [(Redis.kill, Redis.start, LATE_SECONDS), (Redis.freeze, Redis.thaw, FROZEN_SECONDS)]
)
async def test_what_the_other_process_says_arrives_while_redis_is_gone(
    server: Fleet, client: AsyncClient, talk: tuple[Chat, Chat], end: Act, beginning: Act, seconds: float
) -> None:
    hers, his = talk
    await asyncio.to_thread(end, server.redis)
    await hers.say("Is anybody there?")
    await heard(his, "Is anybody there?", seconds)
    await his.say("A note", internal=True)
    await his.say("I am")
    await heard(hers, "I am")
    await asyncio.to_thread(beginning, server.redis)
    await ready(server, client, 200)
    await hers.say("Then all is well")
    await heard(his, "Then all is well")
    assert [frame["seq"] for frame in his.messages()] == [2, 3, 4, 5]
    assert [frame["seq"] for frame in hers.messages()] == [2, 3, 4]


async def test_a_redis_that_restarts_in_the_middle_of_a_talk_loses_and_doubles_nothing(
    server: Fleet, ana: Somebody, priya: Somebody
) -> None:
    """Nobody is hung up on for it."""
    ticket_id = (await open_ticket(ana))["id"]
    here, there = (Line(one) for one in server.servers)
    writers = [Writer(ana, ticket_id, here), Writer(priya, ticket_id, there)]
    listeners = [Listener(ana, ticket_id, there), Listener(priya, ticket_id, here)]
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.write(150))
        for listener in listeners:
            group.create_task(listener.listen(301))
        for _ in range(3):
            await writers[0].has_spoken.wait()
            await asyncio.to_thread(server.redis.restart)
    assert listeners[0].lines() == listeners[1].lines()
    assert [listener.doubles for listener in listeners] == [[], []]
    assert server.said().count("socket_opened") == 4


async def test_a_sign_out_that_the_other_process_cannot_hear_ends_its_sockets_all_the_same(
    server: Fleet, talk: tuple[Chat, Chat], ana: Somebody
) -> None:
    hers, his = talk
    await asyncio.to_thread(server.redis.kill)
    async with AsyncClient(base_url=server.servers[1].url) as elsewhere:
        await elsewhere.post("/user/logout", json={"refresh_token": ana.refresh_token})
    assert (await hers.closed())[0] == 4401
    await his.say("Where has she gone?")
