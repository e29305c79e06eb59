"""Limits that several processes count together, in a real Redis; alone in memory, and without Redis when it is gone."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from csts.kit.errors import TooManyRequests
from csts.kit.throttle import Throttle
from tests.support.redis import Redis

LIMIT = "3/minute"


@pytest.fixture(scope="module")
def server() -> Iterator[Redis]:
    running = Redis()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def redis(server: Redis) -> Redis:
    server.ask("FLUSHALL")
    return server


@asynccontextmanager
async def throttle(url: str = "") -> AsyncIterator[Throttle]:
    made = Throttle(url, near={"messages"})
    yield made
    await made.close()


async def allowed(counting: Throttle, times: int, *name: str) -> int:
    passed = 0
    for _ in range(times):
        try:
            await counting.hit(LIMIT, *name)
        except TooManyRequests:
            continue
        passed += 1
    return passed


@pytest.mark.parametrize("with_redis", [False, True])
async def test_so_many_pass_and_the_next_one_is_told_when_to_come(redis: Redis, *, with_redis: bool) -> None:
    async with throttle(redis.url if with_redis else "") as counting:
        assert await allowed(counting, 5, "login", "ana") == 3
        assert await allowed(counting, 1, "login", "ben") == 1
        for refused in (counting.hit, counting.check):
            with pytest.raises(TooManyRequests) as refusal:
                await refused(LIMIT, "login", "ana")
            assert 1 <= refusal.value.fields["retry_after"] <= 60


@pytest.mark.parametrize("with_redis", [False, True])
async def test_looking_counts_nothing_and_counting_refuses_nothing(redis: Redis, *, with_redis: bool) -> None:
    async with throttle(redis.url if with_redis else "") as counting:
        for _ in range(10):
            await counting.check(LIMIT, "login", "ana")
        for _ in range(5):
            await counting.count(LIMIT, "login", "ana")
        with pytest.raises(TooManyRequests):
            await counting.check(LIMIT, "login", "ana")


async def test_an_empty_limit_means_none(redis: Redis) -> None:
    async with throttle(redis.url) as counting:
        for _ in range(5):
            await counting.hit("", "login", "ana")
            await counting.check("", "login", "ana")
            await counting.count("", "login", "ana")
    assert redis.ask("DBSIZE") == 0


async def test_two_processes_count_together_but_not_what_is_near(redis: Redis) -> None:
    async with throttle(redis.url) as one, throttle(redis.url) as other:
        assert [await allowed(each, 2, "login", "ana") for each in (one, other)] == [2, 1]
        assert [await allowed(each, 5, "messages", "ana") for each in (one, other)] == [3, 3]


async def test_a_clock_that_is_an_hour_ahead_changes_nothing(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    async with throttle(redis.url) as right, throttle(redis.url) as ahead:
        assert await allowed(right, 1, "login", "ana") == 1
        now = time.time
        with monkeypatch.context() as machine:
            machine.setattr(time, "time", lambda: now() + 3600)
            assert await allowed(ahead, 1, "login", "ana") == 1
        assert await allowed(right, 5, "login", "ana") == 1
        with pytest.raises(TooManyRequests) as refusal:
            await right.hit(LIMIT, "login", "ana")
        assert refusal.value.fields["retry_after"] <= 60


async def test_while_redis_is_frozen_a_process_counts_alone_and_waits_for_nobody(redis: Redis) -> None:
    async with throttle(redis.url) as counting:
        assert await allowed(counting, 3, "login", "ana") == 3
        redis.freeze()
        began = time.monotonic()
        try:
            assert await allowed(counting, 5, "login", "ben") == 3
        finally:
            redis.thaw()
        assert time.monotonic() - began < 2


async def test_many_at_once_are_counted_one_by_one(redis: Redis) -> None:
    async with throttle(redis.url) as one, throttle(redis.url) as other:
        passed = await asyncio.gather(*(allowed(each, 1, "login", "ana") for each in (one, other) * 10))
    assert sum(passed) == 3


async def test_a_redis_that_was_never_there_refuses_nobody_and_is_mentioned_once() -> None:
    with capture_logs() as logs:
        async with throttle("redis://127.0.0.1:1/0") as counting:
            assert await allowed(counting, 5, "login", "ana") == 3
    assert [line["event"] for line in logs] == ["limits_are_per_process"]
