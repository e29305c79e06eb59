"""The promises of `Broker`, tried on each implementation."""

from collections.abc import AsyncIterator

import pytest

from csts.realtime.broker import Broker
from csts.realtime.events import Frames
from csts.realtime.local import LocalBroker
from csts.realtime.people import Person
from csts.realtime.redis import RedisBroker
from tests.realtime.ears import ANA, BEN, BYE, HELLO, PRIYA, Ear
from tests.support.redis import Redis


@pytest.fixture(params=["local", "redis"])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    made = LocalBroker() if request.param == "local" else _over_redis(request.getfixturevalue("redis"))
    await made.start()
    yield made
    await made.close()


def _over_redis(redis: Redis) -> Broker:
    return RedisBroker(redis.url, kinds=Frames)


async def test_it_answers_and_hears_all_there_is(broker: Broker) -> None:
    await broker.check()
    assert broker.hears_others
    assert broker.interruptions == 0


async def test_subscriber_hears_its_channel_in_order_and_no_other(broker: Broker) -> None:
    here, there = Ear(), Ear()
    await broker.subscribe("here", here)
    await broker.subscribe("there", there)
    await broker.publish([("here", HELLO), ("there", BYE), ("here", BYE)])
    assert (here.heard, there.heard) == ([HELLO, BYE], [BYE])


async def test_all_subscribers_of_a_channel_hear_it(broker: Broker) -> None:
    ears = [Ear(), Ear(), Ear()]
    for ear in ears:
        await broker.subscribe("here", ear)
    await broker.publish([("here", HELLO)])
    assert [ear.heard for ear in ears] == [[HELLO]] * 3


async def test_one_ear_on_two_channels_hears_both(broker: Broker) -> None:
    ear = Ear()
    await broker.subscribe("here", ear)
    await broker.subscribe("there", ear)
    await broker.publish([("here", HELLO), ("there", BYE)])
    assert ear.heard == [HELLO, BYE]


async def test_subscribing_twice_is_heard_once(broker: Broker) -> None:
    ear = Ear()
    await broker.subscribe("here", ear)
    await broker.subscribe("here", ear)
    await broker.publish([("here", HELLO)])
    assert ear.heard == [HELLO]


async def test_who_has_left_hears_nothing_more(broker: Broker) -> None:
    ear, other = Ear(), Ear()
    await broker.subscribe("here", ear)
    await broker.subscribe("here", other)
    await broker.unsubscribe("here", ear)
    await broker.publish([("here", HELLO)])
    assert (ear.heard, other.heard) == ([], [HELLO])


async def test_unsubscribing_a_stranger_does_nothing(broker: Broker) -> None:
    await broker.unsubscribe("here", Ear())


async def test_nobody_need_listen(broker: Broker) -> None:
    await broker.publish([("here", HELLO)])
    await broker.publish([])


async def test_person_is_present_from_the_first_connection_to_the_last(broker: Broker) -> None:
    assert await broker.enter("room", ANA)
    assert not await broker.enter("room", ANA)
    assert await broker.present("room") == [ANA]
    assert not await broker.leave("room", ANA)
    assert await broker.present("room") == [ANA]
    assert await broker.leave("room", ANA)
    assert await broker.present("room") == []


async def test_those_present_are_sorted_by_kind_and_id(broker: Broker) -> None:
    for person in (BEN, PRIYA, ANA):
        await broker.enter("room", person)
    assert await broker.present("room") == [PRIYA, ANA, BEN]
    assert await broker.present("elsewhere") == []


async def test_person_with_a_new_name_is_the_same_person(broker: Broker) -> None:
    renamed = Person("customer", 1, "Ana Maria")
    await broker.enter("room", ANA)
    assert not await broker.enter("room", renamed)
    assert await broker.present("room") == [renamed]
    assert not await broker.leave("room", ANA)
    assert await broker.leave("room", renamed)


async def test_stranger_who_leaves_was_not_the_last(broker: Broker) -> None:
    assert not await broker.leave("room", ANA)
    await broker.enter("room", ANA)
    assert await broker.present("room") == [ANA]
