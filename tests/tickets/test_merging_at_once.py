"""Merges at the same moment: of one another, of the same ticket twice, in a ring, and under a talk that goes on."""

import asyncio
from typing import Any

import pytest

from tests.make import open_ticket, thread
from tests.people import Somebody
from tests.support.chat import join
from tests.tickets.test_bulk import kinds
from tests.tickets.test_merging import Row, merge, ref, said, shown
from tests.tickets.test_tags import listed


async def merge_at_once(acts: list[tuple[Somebody, Row, Row]]) -> list[Row]:
    answers = await asyncio.gather(
        *(agent.post(f"/tickets/{source['id']}/merge", {"into": target["id"]}) for agent, source, target in acts)
    )
    return [answer.json() | {"status_code": answer.status_code} for answer in answers]


async def test_of_two_who_merge_the_same_pair_each_his_own_way_one_wins(
    ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    for _ in range(5):
        one, two = await open_ticket(ana), await open_ticket(ana)
        told = await merge_at_once([(priya, one, two), (sam, two, one)] * 3)
        assert sorted(each["status_code"] for each in told) == [200, *[409] * 5]
        assert {each.get("code") for each in told} == {None, "ticket_merged"}
        went = [(await shown(ana, each))["merged_into"] for each in (one, two)]
        assert went in ([ref(two), None], [None, ref(one)])
        (survivor,) = [each for each, place in zip((one, two), went, strict=True) if place is None]
        assert len(await said(ana, survivor)) == 2


async def test_of_many_who_merge_the_same_way_one_does(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    told = await merge_at_once([(priya, source, target), (sam, source, target)] * 10)
    assert sorted(each["status_code"] for each in told) == [200, *[409] * 19]
    assert await kinds(priya, target) == ["opened", "took_in"]
    assert len(await said(ana, target)) == 2


async def test_merges_in_a_ring_leave_one_ticket_and_no_chain(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    for _ in range(3):
        ring = [await open_ticket(ana) for _ in range(4)]
        acts = [(priya if at % 2 else sam, ring[at], ring[(at + 1) % 4]) for at in range(4)]
        told = await merge_at_once(acts)
        assert {each["status_code"] for each in told} <= {200, 409}
        places = {each["id"]: (await shown(priya, each))["merged_into"] for each in ring}
        ends = {number for number, place in places.items() if place is None}
        assert len(ends) >= 1
        assert {place["id"] for place in places.values() if place} <= ends


@pytest.mark.sockets
async def test_what_is_written_at_that_moment_lands_before_it_or_is_refused(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    """And what was acknowledged is in the thread, before and after, under the numbers that were told."""
    for _ in range(5):
        target, source = await open_ticket(ana), await open_ticket(ana)
        async with join(sockets, source["id"], ana.token) as room:
            await room.next("ready")

            async def talk(room: Any = room) -> list[Row]:
                return [await room.say(f"Line {number}") for number in range(8)]

            outcomes, _ = await asyncio.gather(talk(), merge(priya, source, target))
        landed = [each["content"] for each in outcomes if each["type"] == "message"]
        refused = [each for each in outcomes if each["type"] == "error"]
        assert landed == [f"Line {number}" for number in range(len(landed))]
        assert [each["code"] for each in refused] == ["ticket_merged"] * (8 - len(landed))
        assert all(each["merged_into"] == ref(target) for each in refused)
        lines = await thread(ana, source["id"])
        assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
        assert [line["content"] for line in lines[1:]] == landed
        assert await listed(priya, awaiting_reply="true", status="open", customer=ana.id) != []
