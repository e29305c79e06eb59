"""An answer with what goes with it: all of it happens, or nothing does."""

import asyncio
import uuid
from typing import Any

import pytest

from tests.auth.sessions import refusal
from tests.make import claim, open_ticket, set_status, thread
from tests.people import Somebody
from tests.support.chat import open_socket


def message(content: str = "All done.", **members: Any) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "content": content, **members}


async def lines(who: Somebody, ticket_id: int) -> list[str]:
    return [line["content"] for line in await thread(who, ticket_id)]


async def test_reply_claim_priority_and_status_are_one_step_that_the_room_hears(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/answer"
    said = message()
    wanted = {"message": said, "status": "resolved", "priority": "high", "assign": True}
    async with open_socket(f"{sockets}/ws/tickets/{ticket['id']}", ana.token) as room:
        await room.next("ready")
        told = (await priya.post(path, wanted)).json()
        heard = await room.next("message")
        assert (heard["content"], heard["sender"]) == ("All done.", priya.person)
        while (await room.next("ticket"))["ticket"]["status"] != "resolved":
            pass
    assert told["message"]["client_id"] == said["client_id"]
    now = (await priya.get(f"/ticket/{ticket['id']}")).json()
    assert told["ticket"] == now
    assert (now["status"], now["priority"], now["agent"]["id"]) == ("resolved", "high", priya.id)
    assert await lines(ana, ticket["id"]) == [
        f"Ticket {ticket['ticket_no']} is open. You can talk to us here.",
        "All done.",
        "Priya Nair is looking into this ticket.",
        "Priya Nair set the priority to high.",
        "Priya Nair marked this ticket as solved.",
    ]


async def test_repeating_it_changes_nothing_even_where_others_have_gone_on(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/answer"
    wanted = {"message": message(), "status": "resolved"}
    first = (await priya.post(path, wanted)).json()
    await set_status(ana, ticket["id"], "open")
    before = await lines(priya, ticket["id"])
    again = (await priya.post(path, wanted)).json()
    assert again["message"] == first["message"]
    assert again["ticket"]["status"] == "open"
    assert await lines(priya, ticket["id"]) == before


async def test_a_move_that_is_not_allowed_sends_nothing(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await set_status(priya, ticket["id"], "resolved")
    before = await lines(priya, ticket["id"])
    path = f"/tickets/{ticket['id']}/answer"
    refused = await priya.post(path, {"message": message(), "status": "waiting", "priority": "low", "assign": True})
    assert refusal(refused) == (409, "illegal_move")
    now = (await priya.get(f"/ticket/{ticket['id']}")).json()
    assert (now["status"], now["priority"], now["agent"]) == ("resolved", "medium", None)
    assert await lines(priya, ticket["id"]) == before


async def test_what_a_colleague_has_is_neither_taken_nor_answered(
    ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(sam, ticket["id"])
    path = f"/tickets/{ticket['id']}/answer"
    refused = await priya.post(path, {"message": message("I am on it."), "assign": True})
    assert refusal(refused) == (409, "already_claimed")
    assert refused.json()["agent"] == {"id": sam.id, "name": sam.name}
    assert "I am on it." not in await lines(ana, ticket["id"])
    # His own he may take as often as he likes, and without it a colleague may answer.
    assert (await sam.post(path, {"message": message("I am on it."), "assign": True})).status_code == 200
    assert (await priya.post(path, {"message": message("So am I."), "status": "waiting"})).status_code == 200


async def test_of_two_who_take_it_at_once_one_is_heard(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/answer"
    answers = await asyncio.gather(
        *(who.post(path, {"message": message("I am on it."), "assign": True}) for who in (priya, sam))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (await lines(ana, ticket["id"])).count("I am on it.") == 1


async def test_what_is_so_already_is_left_alone(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/answer"
    before = await lines(priya, ticket["id"])
    told = (await priya.post(path, {"status": "open", "priority": "medium"})).json()
    assert (told["message"], told["ticket"]["status"]) == (None, "open")
    assert await lines(priya, ticket["id"]) == before


async def test_a_note_with_a_status_is_for_agents_alone(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/answer"
    told = (await priya.post(path, {"message": message("Asked the bank.", internal=True), "status": "waiting"})).json()
    assert (told["message"]["internal"], told["ticket"]["status"]) == (True, "waiting")
    assert "Asked the bank." not in await lines(ana, ticket["id"])


@pytest.mark.parametrize(
    "wanted, expected",
    [
        ({}, (422, "invalid_input")),
        ({"message": None}, (422, "invalid_input")),
        ({"message": {"client_id": "x", "content": "Hi"}}, (422, "invalid_input")),
        ({"message": message(" "), "status": "resolved"}, (422, "invalid_input")),
        ({"status": "solved"}, (422, "invalid_input")),
        ({"state": "resolved"}, (422, "invalid_input")),
        ({"message": message(), "status": "open"}, (409, "ticket_closed")),
        ({"message": message("With a file", attachment_ids=[999]), "status": "open"}, (409, "ticket_closed")),
    ],
)
async def test_what_cannot_be_done_is_told_and_leaves_no_trace(
    ana: Somebody, priya: Somebody, wanted: dict[str, Any], expected: tuple[int, str]
) -> None:
    ticket = await open_ticket(ana)
    await set_status(priya, ticket["id"], "closed")
    before = await lines(priya, ticket["id"])
    assert refusal(await priya.post(f"/tickets/{ticket['id']}/answer", wanted)) == expected
    assert await lines(priya, ticket["id"]) == before
