"""Two processes' worth of brokers over one Redis: what each hears of the other, and whom both see."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from csts.app import EVENTS
from csts.realtime import redis_line
from csts.realtime.events import Event, Frames
from csts.realtime.redis import RedisBroker
from tests.realtime.ears import ANA, BEN, BYE, HELLO, PRIYA, Ear, eventually
from tests.support.redis import Redis

LEASE_SECONDS = 1.0


class Process(RedisBroker):
    """As much of a process as there is here; it keeps the channels whose people may be others now."""

    def __init__(self, url: str) -> None:
        self.moved: list[str] = []
        super().__init__(url, kinds=Frames, on_presence_moved=self._keep_moved, lease_seconds=LEASE_SECONDS)

    async def _keep_moved(self, channel: str) -> None:
        self.moved.append(channel)

    async def die(self) -> None:
        """Without a word, as from `kill -9`."""
        assert self._keeper
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self._is_up.clear()


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    broker = Process(url)
    await broker.start()
    yield broker
    await broker.close()


@pytest.fixture
async def one(redis: Redis) -> AsyncIterator[Process]:
    async with process(redis.url) as broker:
        yield broker


@pytest.fixture
async def other(redis: Redis) -> AsyncIterator[Process]:
    async with process(redis.url) as broker:
        yield broker


async def test_each_hears_the_other_in_order_and_itself_once(one: Process, other: Process) -> None:
    here, there = Ear(), Ear()
    await one.subscribe("room", here)
    await other.subscribe("room", there)
    await one.publish([("room", HELLO), ("elsewhere", BYE), ("room", BYE)])
    await there.hears(HELLO, BYE)
    await other.publish([("room", HELLO)])
    await here.hears(HELLO, BYE, HELLO)
    assert there.heard == [HELLO, BYE, HELLO]


async def test_from_the_return_of_subscribe_on_nothing_passes_by(one: Process, other: Process) -> None:
    for number in range(50):
        ear = Ear()
        await other.subscribe(f"room:{number}", ear)
        await one.publish([(f"room:{number}", HELLO)])
        await ear.hears(HELLO)


async def test_who_comes_back_at_once_is_heard_again(one: Process, other: Process) -> None:
    first, second = Ear(), Ear()
    await other.subscribe("room", first)
    await asyncio.gather(other.unsubscribe("room", first), other.subscribe("room", second))
    await one.publish([("room", HELLO)])
    await second.hears(HELLO)
    assert first.heard == []


async def test_who_does_not_listen_costs_nothing(redis: Redis, other: Process) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    await other.unsubscribe("room", ear)
    await other.check()
    assert redis.ask("PUBSUB", "CHANNELS") == [b"csts:0:hello"]


async def test_two_desks_on_two_databases_hear_nothing_of_each_other(redis: Redis, one: Process) -> None:
    async with process(redis.url.removesuffix("/0") + "/1") as stranger:
        ear = Ear()
        await stranger.subscribe("room", ear)
        await one.publish([("room", HELLO)])
        await stranger.enter("room", ANA)
        await asyncio.gather(one.check(), stranger.check())
        assert ear.heard == []
        assert await one.present("room") == []


async def test_what_another_release_says_is_looked_up_instead(redis: Redis, other: Process) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    redis.ask("PUBLISH", "csts:0:room", "somebody what is this")
    await eventually(lambda: other.interruptions)
    assert ear.heard == []
    assert other.hears_others


async def test_a_person_is_one_over_all_processes(one: Process, other: Process) -> None:
    assert await one.enter("room", ANA)
    assert not await other.enter("room", ANA)
    assert await other.enter("room", PRIYA)
    assert await one.present("room") == await other.present("room") == [PRIYA, ANA]
    assert not await one.leave("room", ANA)
    assert await one.present("room") == [PRIYA, ANA]
    assert await other.leave("room", ANA)
    assert await one.present("room") == [PRIYA]


async def test_of_many_who_enter_at_once_one_is_the_first(one: Process, other: Process) -> None:
    firsts = await asyncio.gather(*(each.enter("room", ANA) for each in (one, other) * 20))
    assert sum(firsts) == 1
    lasts = await asyncio.gather(*(each.leave("room", ANA) for each in (one, other) * 20))
    assert sum(lasts) == 1
    assert await one.present("room") == []


@pytest.fixture
def stranger(redis: Redis) -> Iterator[None]:
    """A process of another release, which has another idea of a person."""
    redis.ask("ZADD", "csts:processes", 10**15, "stranger")
    redis.ask("HSET", "csts:here:room", "stranger", "who is this")
    yield
    redis.ask("ZREM", "csts:processes", "stranger")


@pytest.mark.usefixtures("stranger")
async def test_whom_another_release_sees_is_left_out(one: Process, other: Process) -> None:
    with capture_logs() as logs:
        assert await one.enter("room", ANA)
        assert not await other.enter("room", ANA)
        assert await one.present("room") == await other.present("room") == [ANA]
        assert not await other.leave("room", ANA)
        assert await one.leave("room", ANA)
    assert [line["event"] for line in logs] == ["presence_not_understood"] * 2


async def test_a_line_that_is_full_is_asked_to_listen_again(
    one: Process, other: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    with monkeypatch.context() as full:
        full.setattr(redis_line, "MOST_ASKED", 0)
        await other.subscribe("room", ear)
        await other.subscribe("hall", Ear())
        await other.unsubscribe("hall", ear)
    assert not other.hears_others
    await eventually(lambda: other.hears_others)
    assert other.interruptions
    await one.publish([("room", HELLO)])
    await ear.hears(HELLO)


async def test_more_channels_than_a_line_takes_at_once_are_heard_again(
    redis: Redis, one: Process, other: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    for number in range(20):
        await other.subscribe(f"room:{number}", ear)
    monkeypatch.setattr(redis_line, "MOST_ASKED", 8)
    redis.ask("CLIENT", "KILL", "TYPE", "pubsub")
    await eventually(lambda: other.interruptions and other.hears_others and one.hears_others)
    await one.publish([("room:19", HELLO)])
    await ear.hears(HELLO)


class Falling(Process):
    """Falls over the first change that it is told of."""

    async def _keep_moved(self, channel: str) -> None:
        await super()._keep_moved(channel)
        if len(self.moved) == 1:
            raise LookupError(channel)


async def test_nobody_who_is_told_can_end_the_hearing_of_others(redis: Redis, one: Process) -> None:
    falling = Falling(redis.url)
    ear = Ear()
    with capture_logs() as logs:
        await falling.start()
        await falling.subscribe("room", ear)
        await falling.enter("room", ANA)
        redis.ask("FLUSHALL")
        await eventually(lambda: falling.moved)
        redis.ask("FLUSHALL")
        await eventually(lambda: len(falling.moved) > 1)
        await eventually(lambda: falling.hears_others)
        await one.publish([("room", HELLO)])
        await ear.hears(HELLO)
        await falling.close()
    assert [line["event"] for line in logs if line.get("exc_info")] == ["moving_failed"]


class SoreEar(Ear):
    """Cannot bear the first thing that it hears."""

    def deliver(self, event: Event) -> None:
        super().deliver(event)
        if len(self.heard) == 1:
            raise LookupError("sore")


async def test_nor_can_anybody_who_listens(one: Process, other: Process) -> None:
    ear = SoreEar()
    with capture_logs() as logs:
        await other.subscribe("room", ear)
        await one.publish([("room", HELLO)])
        await eventually(lambda: other.interruptions and other.hears_others)
        await one.publish([("room", BYE)])
        await ear.hears(HELLO, BYE)
    assert [line["event"] for line in logs if line.get("exc_info")] == ["broker_lost"]


async def test_nothing_is_left_in_redis_of_who_has_gone(redis: Redis, one: Process, other: Process) -> None:
    await one.enter("room", ANA)
    await other.enter("room", BEN)
    await other.leave("room", BEN)
    await one.close()
    assert await other.present("room") == []
    assert redis.ask("KEYS", "csts:here:*") == redis.ask("KEYS", "csts:places:*") == []


async def test_people_of_a_dead_process_disappear_and_it_is_told(redis: Redis, one: Process, other: Process) -> None:
    await one.enter("room", ANA)
    await one.enter("hall", BEN)
    await other.enter("room", PRIYA)
    await one.die()
    began = time.monotonic()
    await eventually(lambda: not other.hears_others)
    await eventually(lambda: {"room", "hall"} <= set(other.moved))
    assert time.monotonic() - began < 2 * LEASE_SECONDS + 1
    assert await other.present("room") == [PRIYA]
    assert other.hears_others
    assert other.interruptions == 1
    assert redis.ask("HLEN", "csts:here:hall") == 0


async def test_a_clock_that_is_an_hour_ahead_changes_nothing(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    async with process(redis.url) as right:
        await right.enter("room", ANA)
        with monkeypatch.context() as machine:
            machine.setattr(time, "time", lambda: now() + 3600)
            async with process(redis.url) as ahead:
                await ahead.enter("room", BEN)
                assert await ahead.present("room") == [ANA, BEN]
                assert await right.present("room") == [ANA, BEN]


async def test_everybody_is_there_again_after_redis_has_forgotten(redis: Redis, one: Process, other: Process) -> None:
    await one.enter("room", ANA)
    await other.enter("room", BEN)
    redis.ask("FLUSHALL")
    await eventually(lambda: "room" in one.moved and "room" in other.moved)
    assert await one.present("room") == await other.present("room") == [ANA, BEN]


async def test_a_full_redis_still_carries_what_is_told(redis: Redis, one: Process, other: Process) -> None:
    ear = Ear()
    await other.subscribe("room", ear)
    with capture_logs() as logs:
        redis.ask("CONFIG", "SET", "maxmemory", "1")
        assert await one.enter("room", ANA)
        assert await other.enter("room", BEN)
        assert await one.present("room") == [ANA]
        await one.publish([("room", HELLO)])
        await ear.hears(HELLO)
        await eventually(lambda: len(logs) == 2)
        redis.ask("CONFIG", "SET", "maxmemory", "0")
        await eventually(lambda: "room" in one.moved and "room" in other.moved)
    assert await one.present("room") == await other.present("room") == [ANA, BEN]
    assert [line["event"] for line in logs] == ["presence_is_local"] * 2 + ["presence_is_shared_again"] * 2


def test_everything_that_may_be_announced_may_cross() -> None:
    assert set(_below(Event)) - {Frames} <= set(EVENTS.__args__)


def _below(kind: type[Event]) -> list[type[Event]]:
    """Of the desk itself; tests may have events of their own."""
    found = [child for child in kind.__subclasses__() if child.__module__.startswith("csts.")]
    return found + [grandchild for child in found for grandchild in _below(child)]
