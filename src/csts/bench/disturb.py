"""What a desk must bear while others talk: deaf readers, sign-ins, questions, and everybody coming back at once."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

from csts.bench.book import AGENT, percentiles
from csts.bench.cast import Cast, PlainCast, Room, gathered
from csts.bench.plan import Plan
from csts.bench.seat import OPENING_AT_ONCE, Seat, come_back, take

Told = dict[str, Any]


@asynccontextmanager
async def disturbed(plan: Plan, cast: Cast | PlainCast, rooms: Sequence[Room], idle: list[Seat]) -> AsyncIterator[Told]:
    """While the block runs; what it was like for those who disturb is told in the dict, by the end of the block."""
    told: Told = {}
    frozen = await _frozen(rooms, plan.frozen)
    works: list[Coroutine[Any, Any, None]] = []
    if plan.logins:
        works.append(_keep_signing_in(cast, plan, told))
    if plan.questions:
        works.append(_keep_asking(cast, plan, told))
    if plan.login_storm:
        works.append(_later(plan, lambda: _login_storm(cast, plan.login_storm, told)))
    if plan.reconnect_storm:
        works.append(_later(plan, lambda: _reconnect_storm(idle, told)))
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield told
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        if frozen:
            told["frozen"] = {"sockets": len(frozen), "hung_up": await _thawed(frozen)}


async def _frozen(rooms: Sequence[Room], count: int) -> list[Seat]:
    """One more socket of the agent in each of the first rooms, which reads no more once it is ready."""
    seats = await gathered(partial(_deaf_in, rooms), range(count), OPENING_AT_ONCE)
    for seat in seats:
        if seat.transport is not None:
            seat.transport.underlying_transport.pause_reading()
    return seats


async def _deaf_in(rooms: Sequence[Room], number: int) -> Seat:
    room = number % len(rooms)
    return await take(rooms[room], room, AGENT, is_small=True)


async def _thawed(seats: list[Seat]) -> int:
    """How many the desk had hung up on: they find it out only now."""
    for seat in seats:
        if seat.transport is not None:
            seat.transport.underlying_transport.resume_reading()
    await asyncio.sleep(1)
    gone = sum(1 for seat in seats if seat.ended)
    for seat in seats:
        seat.drop()
    return gone


async def _keep_signing_in(cast: Cast | PlainCast, plan: Plan, told: Told) -> None:
    took: list[float] = []
    failed: list[int] = []
    await _steadily(plan.logins, plan.seconds, lambda number: _sign_in(cast, number, took, failed))
    told["logins"] = {
        "per_second": plan.logins,
        "answered": len(took),
        "failed": len(failed),
        "ms": percentiles(took),
    }


async def _keep_asking(cast: Cast | PlainCast, plan: Plan, told: Told) -> None:
    took: list[float] = []
    sources: Counter[str] = Counter()

    async def ask(number: int) -> None:
        started = time.perf_counter()
        question = {"question": plan.asked[number % len(plan.asked)]}
        answer = await cast.site.request("POST", "/assistant/ask", question, cast.tokens[number % len(cast.tokens)])
        took.append(time.perf_counter() - started)
        is_answer = answer.status == HTTPStatus.OK
        sources[json.loads(answer.body)["source"] if is_answer else f"HTTP {answer.status}"] += 1

    await _steadily(plan.questions, plan.seconds, ask)
    told["questions"] = {"per_second": plan.questions, "sources": dict(sources), "ms": percentiles(took)}


async def _steadily(rate: int, seconds: float, act: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """At a fixed rate, whether or not the ones before have been answered."""
    async with asyncio.TaskGroup() as group:
        started = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(started + number / rate - time.perf_counter())
            group.create_task(act(number))


async def _login_storm(cast: Cast | PlainCast, count: int, told: Told) -> None:
    took: list[float] = []
    failed: list[int] = []
    started = time.perf_counter()
    await gathered(lambda number: _sign_in(cast, number, took, failed), range(count), count)
    told["login_storm"] = {
        "logins": count,
        "failed": len(failed),
        "seconds": round(time.perf_counter() - started, 2),
        "ms": percentiles(took),
    }


async def _reconnect_storm(idle: list[Seat], told: Told) -> None:
    """All idle sockets break at once and all resume at once, which is worse than clients do: those spread out."""
    for seat in idle:
        seat.drop()
    started = time.perf_counter()
    returns = await gathered(come_back, idle, max(1, len(idle)))
    idle[:] = [seat for seat, _ in returns]
    failures = Counter(failure for _, failed in returns for failure in failed)
    told["reconnect_storm"] = {
        "sockets": len(idle),
        "failed_tries": failures.total(),
        "failures": dict(failures),
        "seconds": round(time.perf_counter() - started, 2),
    }


async def _sign_in(cast: Cast | PlainCast, number: int, took: list[float], failed: list[int]) -> None:
    started = time.perf_counter()
    answer = await cast.site.request("POST", "/user/login", cast.logins[number % len(cast.logins)])
    took.append(time.perf_counter() - started)
    if answer.status != HTTPStatus.OK:
        failed.append(answer.status)


async def _later(plan: Plan, storm: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In the middle of the step, where there are seconds before it and behind it."""
    await asyncio.sleep(plan.seconds / 3)
    await storm()
