"""Reads that are shared: nobody is told what is older than his question, and nobody waits for another's trouble."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from csts.kit.errors import NotFound
from csts.kit.sharing import Kept, Shared


class Source:
    """Something that changes; each read of it takes until it is let go, and tells what was there when it began."""

    def __init__(self) -> None:
        self.state = 0
        self.reads = 0
        self._begun: asyncio.Queue[asyncio.Event] = asyncio.Queue()

    async def read(self) -> int:
        found, end = self.state, asyncio.Event()
        self.reads += 1
        self._begun.put_nowait(end)
        await end.wait()
        return found

    async def begun(self) -> asyncio.Event:
        """What lets the next read go, once that has begun."""
        return await self._begun.get()


def asking(shared: Shared, read: Callable[[], Awaitable[Any]], times: int = 1, key: str = "key") -> list[Any]:
    return [asyncio.create_task(shared(key, read)) for _ in range(times)]


async def settled() -> None:
    """Whoever can go on without an answer has done so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_comes_while_one_reads_shares_the_next_read_and_what_is_there_then() -> None:
    shared, source = Shared(), Source()
    first = asking(shared, source.read)
    end = await source.begun()
    source.state = 1
    others = asking(shared, source.read, 20)
    await settled()
    assert source.reads == 1, "two of a key read at once"
    source.state = 2
    end.set()
    (await source.begun()).set()
    assert await asyncio.gather(*first) == [0]
    assert await asyncio.gather(*others) == [2] * 20
    assert source.reads == 2


async def test_who_asks_after_an_answer_is_told_anew() -> None:
    shared = Shared()
    told = iter(range(3))

    async def read() -> int:
        return next(told)

    assert [await shared("key", read) for _ in range(3)] == [0, 1, 2]


async def test_other_keys_are_read_beside_it() -> None:
    shared, source = Shared(), Source()
    [one], [other] = asking(shared, source.read, key="one"), asking(shared, source.read, key="other")
    ends = [await source.begun() for _ in range(2)]
    for end in ends:
        end.set()
    assert [await one, await other] == [0, 0]


async def test_an_error_is_told_to_all_who_shared_it_and_to_nobody_after_them() -> None:
    shared, source = Shared(), Source()

    async def fail() -> int:
        await source.read()
        raise NotFound

    together = asking(shared, fail, 3)
    (await source.begun()).set()
    ends = await asyncio.gather(*together, return_exceptions=True)
    assert [type(end) for end in ends] == [NotFound] * 3
    [next_one] = asking(shared, source.read)
    (await source.begun()).set()
    assert await next_one == 0


@pytest.mark.parametrize("gone", [1, 3])
async def test_who_gives_up_takes_no_answer_from_the_others(gone: int) -> None:
    shared, source = Shared(), Source()
    together = asking(shared, source.read, 3)
    end = await source.begun()
    for each in together[:gone]:
        each.cancel()
    await settled()
    end.set()
    ends = await asyncio.gather(*together, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in ends] == [True] * gone + [False] * (3 - gone)
    [later] = asking(shared, source.read)
    (await source.begun()).set()
    assert await later == 0


class Clock:
    """Seconds, which pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Counter:
    def __init__(self) -> None:
        self.reads = 0

    async def read(self) -> int:
        self.reads += 1
        return self.reads


async def test_what_was_told_is_told_again_until_its_time_is_over() -> None:
    clock, counter = Clock(), Counter()
    kept = Kept(60, 10, clock)
    assert [await kept("key", counter.read), await kept("key", counter.read)] == [1, 1]
    assert await kept("another", counter.read) == 2
    clock.seconds = 59.9
    assert await kept("key", counter.read) == 1
    clock.seconds = 60
    assert await kept("key", counter.read) == 3


async def test_those_used_last_are_kept_and_no_more_than_may_be() -> None:
    kept, counter = Kept(60, 2, Clock()), Counter()
    for key in ("old", "new", "old", "newest"):
        await kept(key, counter.read)
    assert [await kept(key, counter.read) for key in ("old", "newest", "new")] == [1, 3, 4]


async def test_an_error_is_not_kept() -> None:
    kept, counter = Kept(60, 2, Clock()), Counter()

    async def fail() -> int:
        raise NotFound

    with pytest.raises(NotFound):
        await kept("key", fail)
    assert await kept("key", counter.read) == 1
