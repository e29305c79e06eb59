"""The story that the desk is for, without a browser: from a sign-up to a solved ticket, two people, one cut line."""

import pytest
from httpx2 import AsyncClient

from tests.make import claim, jpeg_bytes, open_ticket, png_bytes, set_status, thread, upload
from tests.people import ANA, Somebody, sign_in, sign_up
from tests.support.chat import Chat, join, open_socket
from tests.support.server import Server

pytestmark = pytest.mark.sockets


async def test_from_sign_up_to_a_solved_ticket(server: Server, client: AsyncClient, priya: Somebody) -> None:
    async with open_socket(f"{server.sockets}/ws/desk", priya.token) as desk:
        await desk.next("ready")
        ana = await sign_up(client, ANA)
        ticket = await open_ticket(ana, png_bytes(), jpeg_bytes(), subject="The lamp flickers", priority="high")
        row = (await desk.next("ticket"))["ticket"]
        assert (row["ticket_no"], row["subject"], row["status"]) == (ticket["ticket_no"], "The lamp flickers", "open")
        async with (
            join(server.sockets, ticket["id"], ana.token, after=0) as customer,
            join(server.sockets, ticket["id"], priya.token, after=0) as agent,
        ):
            await customer.next("ready")
            await agent.next("ready")
            await _agent_takes_it(priya, ticket["id"], agent, customer)
            await _they_talk(ana, ticket["id"], agent, customer)
        await _line_breaks_and_nothing_is_lost(server, ana, priya, ticket["id"], last_seq=5)
        await _agent_solves_it(server, ana, priya, ticket["id"])
    await _both_read_it_tomorrow(client, ana, priya, ticket["id"])


async def _agent_takes_it(priya: Somebody, ticket_id: int, agent: Chat, customer: Chat) -> None:
    await claim(priya, ticket_id)
    assert (await customer.next("ticket"))["ticket"]["agent"] == {"id": priya.id, "name": priya.name}
    for picture in (await priya.get(f"/ticket/{ticket_id}")).json()["attachments"]:
        assert (await priya.get(picture["url"])).headers["content-type"] == picture["file_type"]
    await agent.send("typing", typing=True)
    assert (await customer.next("typing"))["sender"] == priya.person


async def _they_talk(ana: Somebody, ticket_id: int, agent: Chat, customer: Chat) -> None:
    await agent.say("Good morning, which lamp is it?")
    asked = await customer.next("message", content="Good morning, which lamp is it?")
    await customer.send("read", seq=asked["seq"])
    assert (await agent.next("read"))["sender"] == ana.person
    photo = await upload(ana, ticket_id)
    await customer.say("This one", attachment_ids=[photo["id"]])
    assert (await agent.next("message", content="This one"))["attachments"] == [photo]
    await agent.say("She is on the old wiring", internal=True)


async def _line_breaks_and_nothing_is_lost(
    server: Server, ana: Somebody, priya: Somebody, ticket_id: int, *, last_seq: int
) -> None:
    """The customer is away while the agent writes; 1 opened, 2 claimed, 3 question, 4 answer: she knows four."""
    async with join(server.sockets, ticket_id, priya.token) as agent:
        assert (await agent.next("ready"))["last_seq"] == last_seq
        for number in range(3):
            await agent.say(f"Step {number}")
    async with join(server.sockets, ticket_id, ana.token, after=4) as customer:
        await customer.next("ready")
        assert [(line["seq"], line["content"]) for line in customer.messages()] == [
            (5, "Step 0"),
            (6, "Step 1"),
            (7, "Step 2"),
        ]


async def _agent_solves_it(server: Server, ana: Somebody, priya: Somebody, ticket_id: int) -> None:
    async with join(server.sockets, ticket_id, ana.token) as customer:
        await customer.next("ready")
        await set_status(priya, ticket_id, "resolved")
        shown = (await customer.next("ticket"))["ticket"]
        assert (shown["status"], shown["allowed_statuses"]) == ("resolved", ["open"])


async def _both_read_it_tomorrow(client: AsyncClient, ana: Somebody, priya: Somebody, ticket_id: int) -> None:
    again = await sign_in(client, ana.account)
    hers, his = await thread(again, ticket_id), await thread(priya, ticket_id)
    assert [line["seq"] for line in hers] == list(range(1, 9))
    assert [line["seq"] for line in his] == list(range(1, 10))
    assert [line["id"] for line in his if not line["internal"]] == [line["id"] for line in hers]
    kinds = [event["kind"] for event in (await again.get(f"/tickets/{ticket_id}/events")).json()["items"]]
    assert kinds == ["opened", "claimed", "status_changed", "status_changed"]
