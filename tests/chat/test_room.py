"""Who is in a room, who types, and how far each has read."""

from typing import Any

import pytest

from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.support.chat import Chat, join, open_socket

pytestmark = pytest.mark.sockets


async def nothing_more(chat: Chat, kind: str) -> bool:
    """Asks for a pong: what was on its way to this socket has come before it."""
    before = len(chat.seen)
    await chat.send("ping")
    await chat.next("pong")
    return all(frame["type"] != kind for frame in chat.seen[before:])


async def test_typing_is_seen_by_the_others_and_on_the_desk(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        join(sockets, ticket_id, ana.token) as customer,
        join(sockets, ticket_id, ana.token) as her_phone,
        join(sockets, ticket_id, priya.token) as agent,
        open_socket(f"{sockets}/ws/desk", sam.token) as desk,
    ):
        for chat in (customer, her_phone, agent, desk):
            await chat.next("ready")
        await customer.send("typing", typing=True)
        assert await agent.next("typing") == {"type": "typing", "sender": ana.person, "typing": True}
        told = {"type": "typing", "ticket_id": ticket_id, "sender": ana.person, "typing": True}
        assert await desk.next("typing") == told
        await customer.send("typing", typing=False)
        assert (await agent.next("typing"))["typing"] is False
        assert await nothing_more(customer, "typing")
        assert await nothing_more(her_phone, "typing")


async def test_typing_of_an_agent_is_seen_by_the_customer(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, ana.token) as customer, join(sockets, ticket_id, priya.token) as agent:
        await customer.next("ready")
        await agent.next("ready")
        await agent.send("typing", typing=True)
        assert (await customer.next("typing"))["sender"] == priya.person


async def test_person_with_two_tabs_is_present_once_until_the_last_closes(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    both = [priya.person, ana.person]
    async with join(sockets, ticket_id, priya.token) as agent:
        assert (await agent.next("ready"))["online"] == [priya.person]
        async with join(sockets, ticket_id, ana.token) as tab:
            assert (await tab.next("ready"))["online"] == both
            assert (await agent.next("presence", online=both))["online"] == both
            async with join(sockets, ticket_id, ana.token) as second:
                assert (await second.next("ready"))["online"] == both
            assert await nothing_more(agent, "presence")
        assert await agent.next("presence") == {"type": "presence", "online": [priya.person]}


async def test_desk_knows_which_agents_are_there(sockets: str, priya: Somebody, sam: Somebody, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with open_socket(f"{sockets}/ws/desk", priya.token) as desk:
        assert (await desk.next("ready"))["online"] == [priya.person]
        async with join(sockets, ticket_id, sam.token) as room:
            await room.next("ready")
            await desk.next("presence", online=[priya.person, sam.person])
            online = {agent["id"]: agent["online"] for agent in (await priya.get("/agents")).json()}
            assert online == {priya.id: True, sam.id: True}
        await desk.next("presence", online=[priya.person])


async def test_receipt_is_told_in_each_readers_own_numbers(sockets: str, ana: Somebody, priya: Somebody) -> None:
    """1 the system's line, 2 a note, 3 a message: the customer knows two of them."""
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(priya, ticket_id, "She sounds upset", internal=True)
    await post_message(priya, ticket_id, "How can I help?")
    async with join(sockets, ticket_id, ana.token) as customer, join(sockets, ticket_id, priya.token) as agent:
        await customer.next("ready")
        await agent.next("ready")
        await customer.send("read", seq=2)
        assert await customer.next("read") == {"type": "read", "sender": ana.person, "seq": 2}
        assert await agent.next("read") == {"type": "read", "sender": ana.person, "seq": 3}
        await agent.send("read", seq=3)
        assert (await customer.next("read"))["seq"] == 2
        assert (await agent.next("read"))["seq"] == 3
    async with join(sockets, ticket_id, ana.token) as customer:
        assert _marks(await customer.next("ready")) == {"customer": 2, "agent": 2}
    async with join(sockets, ticket_id, priya.token) as agent:
        assert _marks(await agent.next("ready")) == {"customer": 3, "agent": 3}


async def test_receipt_never_goes_back_and_never_ahead(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for _ in range(3):
        await post_message(priya, ticket_id)
    async with join(sockets, ticket_id, ana.token) as customer:
        await customer.next("ready")
        await customer.send("read", seq=3)
        await customer.next("read", seq=3)
        await customer.send("read", seq=1)
        await customer.send("read", seq=3)
        assert await nothing_more(customer, "read")
        await customer.send("read", seq=2_000_000)
        assert (await customer.next("read"))["seq"] == 4


async def test_agent_who_reads_a_note_tells_the_customer_nothing(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, ana.token) as customer, join(sockets, ticket_id, priya.token) as agent:
        await customer.next("ready")
        await agent.next("ready")
        await agent.send("read", seq=1)
        await customer.next("read", seq=1)
        await post_message(sam, ticket_id, "Between us", internal=True)
        await agent.send("read", seq=2)
        await agent.next("read", seq=2)
        assert await nothing_more(customer, "read")


async def test_reading_is_told_to_the_lists_and_not_to_rooms(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id)
    async with (
        join(sockets, ticket_id, priya.token) as room,
        open_socket(f"{sockets}/ws/desk", priya.token) as desk,
    ):
        await room.next("ready")
        await desk.next("ready")
        await room.send("read", seq=2)
        assert await desk.next("unread", unread=0) == {"type": "unread", "ticket_id": ticket_id, "unread": 0}
        await room.next("read")
        assert await nothing_more(room, "unread")
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["unread"] == 0


def _marks(ready: dict[str, Any]) -> dict[str, int]:
    return {mark["sender"]["kind"]: mark["seq"] for mark in ready["read"]}
