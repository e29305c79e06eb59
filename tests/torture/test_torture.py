"""Everything at once, and everything dies: what was acknowledged is there once, and all hold the same thread.

`pytest tests/torture --minutes 10` goes on for longer, and `--seed` repeats the choices of an earlier run.
"""

import asyncio
import sys
from collections.abc import Callable
from random import Random, SystemRandom

import pytest
from httpx2 import AsyncClient

from tests.make import open_ticket
from tests.people import Account, Somebody, hire, sign_in, sign_up
from tests.support.fleet import Fleet
from tests.support.mariadb import MariaDB
from tests.torture.chaos import Chaos
from tests.torture.party import Party, pause
from tests.torture.tally import Tally
from tests.torture.verdict import faults, stored, threads_differ

# Its end is its own: how long it takes is asked for on the command line.
pytestmark = pytest.mark.timeout(0)

TICKETS, CUSTOMERS, AGENTS = 200, 20, 5
SHORT_SECONDS = 20.0
MEAN_PAUSE_SECONDS = 2.0
# What may take until everything unacknowledged has been sent again, and until the last of a thread has arrived.
DRAIN_SECONDS, SETTLE_SECONDS = 40.0, 15.0
AT_ONCE = 8


async def test_nothing_is_lost_or_doubled_while_everything_dies_in_turn(
    server: Fleet,
    mariadb: MariaDB,
    client: AsyncClient,
    database_url: str,
    pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:
    seed = pytestconfig.getoption("--seed") or SystemRandom().randrange(10**6)
    minutes = pytestconfig.getoption("--minutes")
    tally = Tally()
    parties = await invited(server, client, database_url, seed=seed, tally=tally)
    chaos = Chaos(server, mariadb, Random(seed), tally)
    left = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for party in parties:
            group.create_task(party.stay(left))
        await write_while_it_rages(parties, chaos, minutes * 60 or SHORT_SECONDS)
        drained = await until(lambda: not any(party.unconfirmed for party in parties), DRAIN_SECONDS)
        found = await stored(database_url)
        # Nobody reconnects for it: whoever missed the last message has to be told by the server.
        settled = await until(
            lambda: all(len(found.thread(party)) <= party.complete for party in parties), SETTLE_SECONDS
        )
        different = await threads_differ(found, parties)
        left.set()
    wrong = tally.problems + faults(found, parties) + different
    with capsys.disabled():
        tell(tally, seed=seed, ended=f"drained in {drained} s, settled in {settled} s, {len(wrong)} faults")
    assert wrong == [], f"seed {seed}"


async def invited(fleet: Fleet, client: AsyncClient, database_url: str, *, seed: int, tally: Tally) -> list[Party]:
    """A customer and an agent for each ticket; some people have many tickets."""
    customers = [
        await sign_up(client, Account("customer", f"customer{number}@example.com", f"Customer {number}", "customer"))
        for number in range(CUSTOMERS)
    ]
    agents = [await hired(client, database_url, number) for number in range(AGENTS)]
    slots = asyncio.Semaphore(AT_ONCE)

    async def opened(number: int) -> list[Party]:
        customer, agent = customers[number % CUSTOMERS], agents[number % AGENTS]
        async with slots:
            ticket_id = (await open_ticket(customer))["id"]
        return [
            Party(who, ticket_id, fleet, Random(f"{seed} {number} {who.account.kind}"), tally)
            for who in (customer, agent)
        ]

    return [party for pair in await asyncio.gather(*map(opened, range(TICKETS))) for party in pair]


async def hired(client: AsyncClient, database_url: str, number: int) -> Somebody:
    account = Account("agent", f"agent{number}", f"Agent {number}", "agent")
    await hire(database_url, account)
    return await sign_in(client, account)


async def write_while_it_rages(parties: list[Party], chaos: Chaos, seconds: float) -> None:
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for party in parties:
            group.create_task(party.write(over, MEAN_PAUSE_SECONDS))
        await chaos.rage(seconds)
        over.set()


async def until(is_so: Callable[[], bool], seconds: float) -> float:
    """How long it took until it was so, or for how long it was waited for."""
    loop = asyncio.get_running_loop()
    began, never = loop.time(), asyncio.Event()
    while not is_so() and loop.time() - began < seconds:
        await pause(never, 0.05)
    return round(loop.time() - began, 1)


def tell(tally: Tally, *, seed: int, ended: str) -> None:
    told = f"\nTorture, seed {seed}: {TICKETS} tickets, {2 * TICKETS} clients; {ended}.\n{tally.told()}\n"
    sys.stdout.write(told)
