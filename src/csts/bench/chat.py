"""A measurement from its first connection to its last."""

import gc
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from csts.bench import limit, machine
from csts.bench.book import CUSTOMER
from csts.bench.cast import Cast, PlainCast, Room, gathered
from csts.bench.disturb import disturbed
from csts.bench.limit import Limit
from csts.bench.plan import MESSAGE_BYTES, Plan, Say, Unmeasured
from csts.bench.seat import OPENING_AT_ONCE, Seat, resumed, take, take_pairs
from csts.bench.step import Pairs, Result, Step

# Idle sockets share rooms in which nobody speaks.
IDLE_IN_A_ROOM = 10
WARM_UP_RATE = 200


@dataclass
class Findings:
    """What was measured, in the order in which it was."""

    machine: dict[str, Any]
    target: dict[str, Any]
    plan: Plan
    steps: list[Result] = field(default_factory=list)
    limit: Limit | None = None
    idle: dict[str, float] = field(default_factory=dict)
    disturbances: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Nothing void and nothing lost, in what was asked for; how a search for the limit ends is not asked."""
        asked = [step for step in self.steps if step.label != "search"]
        return all(step.is_clean and not step.void for step in asked)

    def as_json(self) -> dict[str, Any]:
        return {
            "machine": self.machine,
            "target": self.target,
            "plan": {**asdict(self.plan), "message_bytes": MESSAGE_BYTES},
            "idle": self.idle,
            "steps": [step.as_json() for step in self.steps],
            "disturbances": self.disturbances,
            "limit": asdict(self.limit) if self.limit else None,
            "is_good": self.is_good,
        }


class Measurement:
    """Runs a plan against a desk whose rooms the cast opens; `server` is its process id where it runs here."""

    def __init__(self, plan: Plan, cast: Cast | PlainCast, say: Say, *, server: int = 0) -> None:
        self._plan, self._cast, self._say, self._server = plan, cast, say, server
        self._rooms: list[Room] = []
        self._pairs: Pairs = []
        self._idle: list[Seat] = []

    async def run(self, target: dict[str, Any]) -> Findings:
        """Raises Unmeasured where it cannot be done."""
        plan, say = self._plan, self._say
        found = Findings(machine.facts(), target, plan)
        started = time.perf_counter()
        await self._cast.sign_in(plan.tickets + plan.idle // IDLE_IN_A_ROOM)
        self._check_time()
        self._rooms = await self._cast.open_rooms(plan.tickets)
        self._pairs = await take_pairs(self._rooms)
        say(f"{plan.tickets:,} tickets with two sockets each, ready in {time.perf_counter() - started:.1f} s.")
        if plan.idle:
            found.idle = await self._open_idle()
        # What was made until now stays: the collector need not look at it again.
        gc.freeze()
        try:
            await self._warm_up(found)
            await self._measure(found)
        finally:
            gc.unfreeze()
            self._leave()
        return found

    def _leave(self) -> None:
        for seat in [*self._idle, *(seat for pair in self._pairs for seat in pair)]:
            seat.drop()

    async def _measure(self, found: Findings) -> None:
        for rate in self._plan.rates:
            found.steps.append(await self._step(rate, "quiet" if self._plan.disturbs else ""))
            if self._plan.disturbs:
                async with disturbed(self._plan, self._cast, self._rooms, self._idle) as told:
                    result = await self._step(rate, "disturbed")
                found.steps.append(result)
                found.disturbances.append({"rate": rate, **told})
        if self._plan.limit:

            async def attempt(rate: float) -> Result:
                found.steps.append(result := await self._step(rate, "search"))
                return result

            found.limit = await limit.find(attempt, 2 * self._plan.rates[-1])

    async def _step(self, rate: float, label: str) -> Result:
        self._pairs = await _whole(self._pairs)
        self._say(f"{rate:,.0f} messages/s for {self._plan.seconds:g} s {label and f'({label})'}".rstrip())
        step = Step(self._pairs, rate, self._plan.seconds, quiet=self._plan.quiet_seconds, server=self._server)
        return await step.run(label, self._say)

    async def _warm_up(self, found: Findings) -> None:
        """Told only where it lost something: its times say nothing."""
        if not self._plan.warm_up_seconds:
            return
        step = Step(self._pairs, WARM_UP_RATE, self._plan.warm_up_seconds, quiet=self._plan.quiet_seconds)
        result = await step.run("warm up", lambda _: None)
        if not result.is_clean:
            found.steps.append(result)

    async def _open_idle(self) -> dict[str, float]:
        """Opens them; the memory of each is told where the server runs here."""
        count = self._plan.idle
        rooms = await self._cast.open_rooms(-(-count // IDLE_IN_A_ROOM))
        before = machine.memory_bytes(self._server) if self._server else 0
        started = time.perf_counter()
        self._idle = await gathered(partial(_idle_in, rooms), range(count), OPENING_AT_ONCE)
        took = time.perf_counter() - started
        self._say(f"{count:,} idle sockets in {len(rooms):,} more tickets, open after {took:.1f} s.")
        grown = machine.memory_bytes(self._server) - before if self._server else 0
        return {"sockets": count, "seconds": round(took, 1), "kib_each": round(grown / count / 1024, 1)}

    def _check_time(self) -> None:
        plan = self._plan
        needed = len(plan.rates) * plan.seconds * (1 + plan.disturbs)
        if needed > self._cast.expires_in:
            raise Unmeasured(
                f"this takes {needed:.0f} s and sessions live {self._cast.expires_in} s: "
                "raise CSTS_ACCESS_TOKEN_SECONDS on the desk while you measure."
            )


async def _idle_in(rooms: Sequence[Room], number: int) -> Seat:
    room = number // IDLE_IN_A_ROOM
    return await take(rooms[room], room, CUSTOMER)


async def _whole(pairs: Pairs) -> Pairs:
    """The same pairs, with new sockets for those that the step before has cost."""
    seats = await resumed(seat for pair in pairs for seat in pair)
    return list(zip(seats[::2], seats[1::2], strict=True))
