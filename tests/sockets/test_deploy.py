"""A new release goes out: one process after the other ends and begins again, and nobody in a chat loses a word."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket
from tests.people import Account, Somebody, sign_up
from tests.support.chat import join
from tests.support.fleet import Fleet
from tests.support.server import Server
from tests.torture.party import Party, pause
from tests.torture.tally import Tally
from tests.torture.verdict import faults, stored

pytestmark = [pytest.mark.sockets, pytest.mark.timeout(180)]

PAIRS, MEAN_PAUSE_SECONDS = 20, 0.4
# The server asks for up to a second; the rest is the way there and back on a busy machine.
AWAY_SECONDS = 9.0
Record = Callable[[str, object], None]


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_SOCKETS_PER_PERSON": "0"}


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    with Fleet(environment, tmp_path) as fleet:
        yield fleet


async def deploy(server: Server) -> float:
    """SIGTERM and a new start; how long the end took."""
    began = time.monotonic()
    assert await asyncio.to_thread(server.stop) == 0
    ended = time.monotonic() - began
    await asyncio.to_thread(server.start)
    return ended


async def pairs(fleet: Fleet, client: AsyncClient, agent: Somebody, tally: Tally) -> list[Party]:
    found = []
    for number in range(PAIRS):
        account = Account("customer", f"customer{number}@example.com", f"Customer {number}", "customer")
        customer = await sign_up(client, account)
        ticket_id = (await open_ticket(customer))["id"]
        found += [Party(who, ticket_id, fleet, Random(f"{number} {who.name}"), tally) for who in (customer, agent)]
    return found


async def test_a_rolling_deploy_loses_nothing(
    server: Fleet,
    client: AsyncClient,
    priya: Somebody,
    database_url: str,
    record_property: Record,
) -> None:
    tally = Tally()
    parties = await pairs(server, client, priya, tally)
    over, left, never = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for party in parties:
            group.create_task(party.stay(left))
            group.create_task(party.write(over, MEAN_PAUSE_SECONDS))
        await pause(never, 1)
        ends = [await deploy(one) for one in server.servers]
        await pause(never, 1)
        over.set()
        async with asyncio.timeout(20):
            while any(party.unconfirmed for party in parties):
                await pause(never, 0.05)
        found = await stored(database_url)
        async with asyncio.timeout(20):
            while any(len(found.thread(party)) > party.complete for party in parties):
                await pause(never, 0.05)
        left.set()
    away = sorted(seconds for party in parties for seconds in party.away)
    record_property("away", f"{len(away)} reconnects, median {away[len(away) // 2]:.2f} s, longest {away[-1]:.2f} s")
    assert max(ends) < 10
    assert tally.problems + faults(found, parties) == []
    assert tally.closes[1012] >= len(parties)
    assert away[-1] < AWAY_SECONDS


@pytest.mark.once
async def test_the_goodbye_says_when_to_come_back(server: Fleet, ana: Somebody) -> None:
    """Each a moment of its own, so that not all come at once."""
    ticket_id = (await open_ticket(ana))["id"]
    one = server.servers[0]
    async with asyncio.TaskGroup() as group:
        ready: asyncio.Queue[None] = asyncio.Queue()
        goodbyes = [group.create_task(goodbye(one, ticket_id, ana.token, ready)) for _ in range(8)]
        for _ in goodbyes:
            await ready.get()
        assert await asyncio.to_thread(one.stop) == 0
    told = [task.result() for task in goodbyes]
    assert {code for code, _ in told} == {1012}
    waits = [re.fullmatch(r"restarting, retry in (\d+(?:\.\d+)?) s", reason) for _, reason in told]
    assert all(waits), told
    assert len({wait[1] for wait in waits if wait}) > 1


async def goodbye(server: Server, ticket_id: int, token: str, ready: asyncio.Queue[None]) -> tuple[int, str]:
    async with join(server.sockets, ticket_id, token) as chat:
        await chat.next("ready")
        ready.put_nowait(None)
        return await chat.closed()
