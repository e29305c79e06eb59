"""What happens to a ticket is told in its room and on the lists; what a customer writes may open it again."""

from typing import Any

import pytest

from tests.make import claim, open_ticket, post_message, set_status, thread
from tests.people import Somebody
from tests.support.chat import join, open_socket

pytestmark = pytest.mark.sockets


async def line_after(who: Somebody, ticket_id: int) -> tuple[str, str]:
    """Who spoke last in the thread, and what."""
    last = (await thread(who, ticket_id))[-1]
    return last["sender"]["kind"], last["content"]


async def test_room_begins_with_a_line_of_the_system(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    (line,) = await thread(ana, ticket["id"])
    assert (line["seq"], line["sender"]) == (1, {"kind": "system", "id": 0, "name": "L1 Desk"})
    assert ticket["ticket_no"] in line["content"]


async def test_what_happens_to_a_ticket_is_told_in_its_room(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    acts: list[tuple[str, str, Any, str]] = [
        ("POST", "claim", None, "Priya Nair"),
        ("PUT", "status", {"status": "waiting"}, "Priya Nair"),
        ("PUT", "priority", {"priority": "urgent"}, "urgent"),
        ("PUT", "assignee", {"agent_id": sam.id}, "Sam Lindqvist"),
        ("PUT", "assignee", {"agent_id": None}, "Priya Nair"),
        ("PUT", "status", {"status": "resolved"}, "solved"),
        ("PUT", "status", {"status": "open"}, "again"),
    ]
    async with join(sockets, ticket_id, ana.token) as customer:
        await customer.next("ready")
        for number, (method, act, body, word) in enumerate(acts, 2):
            answer = await priya.request(method, f"/tickets/{ticket_id}/{act}", json=body)
            assert answer.status_code == 200, answer.text
            line = await customer.next("message")
            assert (line["seq"], line["sender"]["kind"]) == (number, "system")
            assert word in line["content"]
            shown = (await customer.next("ticket"))["ticket"]
            assert (shown["last_seq"], shown["status"]) == (number, answer.json()["status"])


async def test_both_sides_are_told_the_ticket_with_their_own_choices(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, ana.token) as customer, join(sockets, ticket_id, priya.token) as agent:
        await customer.next("ready")
        await agent.next("ready")
        await set_status(priya, ticket_id, "resolved")
        for_customer = (await customer.next("ticket"))["ticket"]
        for_agent = (await agent.next("ticket"))["ticket"]
    assert for_customer["allowed_statuses"] == ["open"]
    assert for_agent["allowed_statuses"] == ["open", "in_progress", "closed"]
    assert "email" not in for_customer["customer"]
    assert for_agent["customer"]["email"] == "ana@example.com"


@pytest.mark.parametrize("start", ["waiting", "resolved"])
@pytest.mark.parametrize("is_claimed", [False, True])
async def test_customers_message_opens_what_waited_or_was_solved(
    sockets: str, ana: Somebody, priya: Somebody, start: str, *, is_claimed: bool
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    if is_claimed:
        await claim(priya, ticket_id)
    await set_status(priya, ticket_id, start)
    goal = "in_progress" if is_claimed else "open"
    async with join(sockets, ticket_id, ana.token) as customer:
        await customer.next("ready")
        said = await customer.say("It is still broken")
        assert said["type"] == "message"
        line = await customer.next("message")
        assert (line["seq"], line["sender"]["kind"]) == (said["seq"] + 1, "system")
        assert (await customer.next("ticket"))["ticket"]["status"] == goal
    kinds = [event["kind"] for event in (await ana.get(f"/tickets/{ticket_id}/events")).json()["items"]]
    assert kinds[-1] == "status_changed"


@pytest.mark.parametrize("status", ["open", "in_progress"])
async def test_customers_message_leaves_an_active_ticket_where_it_is(
    ana: Somebody, priya: Somebody, status: str
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    if status != "open":
        await set_status(priya, ticket_id, status)
    await post_message(ana, ticket_id)
    assert (await ana.get(f"/ticket/{ticket_id}")).json()["status"] == status
    assert await line_after(ana, ticket_id) == ("customer", "Any news?")


@pytest.mark.parametrize("start", ["waiting", "resolved"])
async def test_agents_message_leaves_the_status_alone(ana: Somebody, priya: Somebody, start: str) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await set_status(priya, ticket_id, start)
    await post_message(priya, ticket_id)
    assert (await ana.get(f"/ticket/{ticket_id}")).json()["status"] == start


async def test_message_on_a_closed_ticket_is_refused_and_says_how_to_reopen(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await set_status(ana, ticket_id, "closed")
    reopen = {"method": "PUT", "path": f"/tickets/{ticket_id}/status", "status": "open"}
    async with join(sockets, ticket_id, ana.token) as customer:
        await customer.next("ready")
        refusal = await customer.say("One more thing")
        assert (refusal["type"], refusal["code"], refusal["reopen"]) == ("error", "ticket_closed", reopen)
        answer = await ana.post(
            f"/tickets/{ticket_id}/messages", {"client_id": refusal["client_id"], "content": "One more thing"}
        )
        assert (answer.status_code, answer.json()["code"], answer.json()["reopen"]) == (409, "ticket_closed", reopen)
        assert (await ana.request(reopen["method"], reopen["path"], json={"status": "open"})).status_code == 200
        assert (await customer.say("One more thing", client_id=refusal["client_id"]))["type"] == "message"


async def test_desk_sees_each_change_of_every_ticket(sockets: str, ana: Somebody, priya: Somebody) -> None:
    async with open_socket(f"{sockets}/ws/desk", priya.token) as desk:
        await desk.next("ready")
        ticket = await open_ticket(ana)
        row = (await desk.next("ticket"))["ticket"]
        assert (row["id"], row["status"], row["unread"], row["agent"]) == (ticket["id"], "open", 0, None)
        assert "description" not in row
        await post_message(ana, ticket["id"], "Is anybody there?")
        row = (await desk.next("ticket"))["ticket"]
        assert (row["last_message_preview"], row["unread"]) == ("Is anybody there?", 1)
        assert await desk.next("unread") == {"type": "unread", "ticket_id": ticket["id"], "unread": 1}
        await claim(priya, ticket["id"])
        row = (await desk.next("ticket"))["ticket"]
        assert (row["status"], row["agent"]) == ("in_progress", {"id": priya.id, "name": priya.name})
        await set_status(priya, ticket["id"], "resolved")
        assert (await desk.next("ticket"))["ticket"]["status"] == "resolved"
    (listed,) = (await priya.get("/tickets")).json()["items"]
    assert listed == desk.seen[-1]["ticket"]


async def test_each_agent_is_told_his_own_unread(sockets: str, ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id)
    async with join(sockets, ticket_id, priya.token) as room:
        await room.next("ready")
        await room.send("read", seq=2)
        await room.next("read")
    async with (
        open_socket(f"{sockets}/ws/desk", priya.token) as hers,
        open_socket(f"{sockets}/ws/desk", sam.token) as his,
    ):
        await hers.next("ready")
        await his.next("ready")
        await post_message(ana, ticket_id, "Hello?")
        # Of the message before, these sockets may hear as well.
        for desk, unread in ((hers, 1), (his, 2)):
            while (row := (await desk.next("ticket"))["ticket"])["last_message_preview"] != "Hello?":
                pass
            assert (row["unread"], (await desk.next("unread"))["unread"]) == (unread, unread)
    for who, unread in ((priya, 1), (sam, 2)):
        assert (await who.get("/tickets")).json()["items"][0]["unread"] == unread


async def test_inbox_is_told_of_ones_own_tickets_only(
    sockets: str, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    hers, his = await open_ticket(ana), await open_ticket(ben)
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as inbox:
        await inbox.next("ready")
        await post_message(priya, his["id"], "For Ben")
        await post_message(priya, hers["id"], "For Ana")
        assert (await inbox.next("ticket"))["ticket"]["unread"] == 1
        assert (await inbox.next("unread")) == {"type": "unread", "ticket_id": hers["id"], "unread": 1}
        await open_ticket(ana)
        await inbox.next("ticket")
    assert {frame["ticket"]["id"] for frame in inbox.seen if frame["type"] == "ticket"}.isdisjoint({his["id"]})
    assert "For Ben" not in str(inbox.seen)
