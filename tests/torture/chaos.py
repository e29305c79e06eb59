"""What dies while people talk: a process of the desk, Redis and MariaDB in turn, each by `kill -9`."""

import asyncio
from random import Random

from tests.support.fleet import Fleet
from tests.support.mariadb import MariaDB
from tests.support.redis import Redis
from tests.support.server import Server
from tests.torture.party import pause
from tests.torture.tally import Tally

TURNS = ("process", "Redis", "process", "MariaDB")
CALM_SECONDS = (1.0, 3.0)
DOWN_SECONDS = (0.0, 2.0)


class Chaos:
    """Kills one after the other, and starts again what it has killed."""

    def __init__(self, fleet: Fleet, mariadb: MariaDB, chance: Random, tally: Tally) -> None:
        self._fleet = fleet
        self._mariadb = mariadb
        self._chance = chance
        self._tally = tally

    async def rage(self, seconds: float) -> None:
        """For so long, and until each has had its turn equally often; everything runs again when this returns."""
        loop, never = asyncio.get_running_loop(), asyncio.Event()
        end = loop.time() + seconds
        while loop.time() < end:
            for turn in TURNS:
                await pause(never, self._chance.uniform(*CALM_SECONDS))
                victim = self._victim(turn)
                await asyncio.to_thread(victim.kill)
                self._tally.kills[turn] += 1
                await pause(never, self._chance.uniform(*DOWN_SECONDS))
                await asyncio.to_thread(victim.start)

    def _victim(self, turn: str) -> Server | Redis | MariaDB:
        if turn == "process":
            return self._chance.choice(self._fleet.servers)
        return self._fleet.redis if turn == "Redis" else self._mariadb
