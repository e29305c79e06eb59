"""Redis gone at the start, killed, frozen and cut off: the desk goes on, says so, and mends itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from structlog.testing import capture_logs

from csts.chat.connection import present
from csts.realtime.events import Frames
from csts.realtime.redis import RedisBroker
from tests.realtime.ears import ANA, BEN, BYE, HELLO, Ear, eventually
from tests.support.network import network_to
from tests.support.redis import Redis

AWAY = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def process(url: str) -> AsyncIterator[RedisBroker]:
    broker = RedisBroker(url, kinds=Frames)
    await broker.start()
    yield broker
    await broker.close()


@pytest.fixture
async def one(redis: Redis) -> AsyncIterator[RedisBroker]:
    async with process(redis.url) as broker:
        yield broker


@pytest.fixture
async def other(redis: Redis) -> AsyncIterator[RedisBroker]:
    async with process(redis.url) as broker:
        yield broker


@pytest.fixture
def late() -> Iterator[Redis]:
    """One that is not there yet."""
    server = Redis()
    yield server
    server.stop()


async def test_without_redis_it_starts_and_works_for_itself(late: Redis) -> None:
    async with process(late.url) as alone:
        ear = Ear()
        began = time.monotonic()
        await alone.subscribe("room", ear)
        assert await alone.enter("room", ANA)
        assert await alone.present("room") == [ANA]
        await alone.publish([("room", HELLO)])
        assert time.monotonic() - began < 0.5
        assert ear.heard == [HELLO]
        assert not alone.hears_others
        with pytest.raises(OSError, match=str(late.port)):
            await alone.check()
        late.start()
        async with process(late.url) as other:
            await eventually(lambda: alone.hears_others)
            assert alone.interruptions == 1
            await other.publish([("room", BYE)])
            await ear.hears(HELLO, BYE)
            assert await other.present("room") == [ANA]


async def test_killed_and_restarted_is_one_interruption_and_two_lines(
    redis: Redis, one: RedisBroker, other: RedisBroker
) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    await one.enter("room", ANA)
    with capture_logs() as logs:
        redis.kill()
        await eventually(lambda: not (one.hears_others or other.hears_others))
        await other.subscribe("hall", ear)
        await other.enter("room", BEN)
        redis.start()
        await eventually(lambda: one.hears_others and other.hears_others)
    assert other.interruptions == 1
    assert sorted(line["event"] for line in logs) == ["broker_connected"] * 2 + ["broker_lost"] * 2
    await one.publish([("room", HELLO), ("hall", BYE)])
    await ear.hears(HELLO, BYE)
    assert await one.present("room") == await other.present("room") == [ANA, BEN]


async def test_a_frozen_one_is_noticed_within_five_seconds_and_waited_for_by_nobody(
    redis: Redis, one: RedisBroker, other: RedisBroker
) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    redis.freeze()
    began = time.monotonic()
    await one.publish([("room", HELLO)])
    assert time.monotonic() - began < 0.2
    await other.subscribe("hall", ear)
    await other.enter("hall", ANA)
    assert time.monotonic() - began < 2
    assert await eventually(lambda: not other.hears_others) < 5
    with pytest.raises((OSError, TimeoutError)):
        await other.check()
    redis.thaw()
    await eventually(lambda: one.hears_others and other.hears_others)
    assert other.interruptions
    await one.publish([("hall", BYE)])
    await eventually(lambda: BYE in ear.heard)


async def test_who_breaks_off_while_a_frozen_one_is_told_has_left(redis: Redis, one: RedisBroker) -> None:
    redis.freeze()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), present(one, "room", ANA):
            await asyncio.Event().wait()
    redis.thaw()
    await eventually(lambda: one.hears_others)
    assert await one.present("room") == []


async def test_a_subscription_that_is_confirmed_late_counts_as_an_interruption(
    redis: Redis, other: RedisBroker
) -> None:
    redis.freeze()
    await other.subscribe("room", Ear())
    assert not other.hears_others
    redis.thaw()
    await eventually(lambda: other.hears_others)
    assert other.interruptions == 1


async def test_others_are_warned_of_what_a_process_could_not_tell(redis: Redis, other: RedisBroker) -> None:
    """Its own line is cut, theirs is not: they cannot know by themselves that they missed something."""
    async with network_to(redis.port) as network, process(f"redis://127.0.0.1:{network.port}/0") as one:
        ear = Ear()
        await other.subscribe("room", ear)
        network.cut()
        await eventually(lambda: not one.hears_others)
        await one.publish([("room", HELLO)])
        assert await eventually(lambda: not other.hears_others) < 8
        network.mend()
        await eventually(lambda: one.hears_others and other.hears_others)
        assert other.interruptions
        await one.publish([("room", BYE)])
        await ear.hears(BYE)


async def test_a_reader_that_redis_hangs_up_on_comes_back(redis: Redis, one: RedisBroker, other: RedisBroker) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    await one.subscribe("hall", Ear())
    redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
    await eventually(lambda: one.interruptions and other.interruptions)
    await one.publish([("room", HELLO)])
    await ear.hears(HELLO)


class TestDesk:
    """The whole desk, with a Redis that is not there."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_REDIS_URL": AWAY}

    async def test_it_says_that_it_is_alive_and_not_ready(self, app: FastAPI, client: AsyncClient) -> None:
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["broker"].startswith("does not answer")
        assert answer.json()["database"] == "ok"
        await asyncio.gather(*(app.state.broker.publish([("room", HELLO)]) for _ in range(3)))
