"""The number next to one's own: in bodies, queries and frames, for colleagues, and after the right to look is gone.

What addresses do with it is in tests/access: each door, each person.
"""

import uuid
from typing import Any

import pytest
from fastapi import FastAPI

from tests.access.matrix import doors, matrix
from tests.access.test_access import House
from tests.attack.doors import numbered
from tests.make import can_reply, claim, open_ticket, post_message, upload
from tests.people import Somebody
from tests.support.chat import Chat, join, open_socket


async def heard(socket: Chat) -> list[str]:
    """What has been told on this socket since it was ready; that oneself came in is no news."""
    await socket.send("ping")
    begun = len(socket.seen)
    await socket.next("pong")
    return [frame["type"] for frame in socket.seen[begun:-1] if frame["type"] != "presence"]


async def test_every_door_is_shut_to_who_was_switched_off_or_signed_out(house: House, app: FastAPI) -> None:
    agent, customer = house.somebody("colleague"), house.somebody("customer")
    await house.somebody("admin").put(f"/agents/{agent.id}", {"active": False})
    await customer.post("/user/logout", {"refresh_token": customer.refresh_token})
    open_doors = {}
    for method, path in doors(app):
        if method != "SOCKET" and matrix()[method, path]["nobody"] == "401":
            for who in (agent, customer):
                answer = await who.request(method, numbered(path))
                # What takes the refresh token alone never looks at this one.
                if answer.status_code != 401 and not path.endswith(("/refresh", "/logout")):
                    open_doors[method, path, who.account.kind] = answer.status_code
    assert open_doors == {}


async def test_files_of_others_are_named_in_no_message(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    """Nor those of another ticket, nor those that a colleague has not sent yet."""
    hers, his = await open_ticket(ana), await open_ticket(ben)
    foreign = await upload(ben, his["id"])
    unsent = await upload(priya, hers["id"])
    for file in (foreign["id"], unsent["id"], his["attachments"][0]["id"], hers["attachments"][0]["id"], 999_999):
        draft = {"client_id": str(uuid.uuid4()), "content": "Look", "attachment_ids": [file]}
        answer = await ana.post(f"/tickets/{hers['id']}/messages", draft)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_attachment"), file
    assert (await ana.get(f"/attachments/{unsent['id']}")).status_code == 404


async def test_a_question_to_the_assistant_opens_nobody_elses_ticket(ana: Somebody, ben: Somebody) -> None:
    his = await open_ticket(ben)
    asked = {"question": "What is this ticket about?"}
    foreign = await ana.post("/assistant/ask", {**asked, "ticket_id": his["id"]})
    missing = await ana.post("/assistant/ask", {**asked, "ticket_id": 999_999})
    assert (foreign.status_code, foreign.json()) == (404, missing.json())


async def test_no_filter_shows_a_customer_more_than_his_own(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    his = await open_ticket(ben, subject="Unmistakable words")
    await claim(priya, his["id"])
    filters: list[dict[str, Any]] = [
        {"customer": ben.id},
        {"assignee": priya.id},
        {"q": "Unmistakable"},
        {"q": his["ticket_no"]},
        {"status": "in_progress"},
        {"customer": ben.id, "q": "words", "assignee": priya.id},
    ]
    for asked in filters:
        answer = await ana.get("/tickets", params=asked)
        assert answer.status_code in {200, 403}, asked
        assert answer.json().get("items", []) == [], asked


async def test_a_cursor_of_somebody_else_shows_nothing_of_his(ana: Somebody, priya: Somebody, ben: Somebody) -> None:
    for who in (ana, ben, ben, ben):
        await open_ticket(who)
    cursor = (await priya.get("/tickets", params={"limit": 1})).json()["next_cursor"]
    seen = (await ana.get("/tickets", params={"cursor": cursor})).json()["items"]
    assert {row["customer"]["id"] for row in seen} <= {ana.id}


async def test_what_an_agent_keeps_for_himself_is_no_colleagues(priya: Somebody, sam: Somebody, ana: Somebody) -> None:
    """Not even an admin's sibling's: views, canned replies and drafts answer as if they were not there."""
    ticket = await open_ticket(ana)
    view = (await priya.post("/views", {"name": "Mine", "filters": {"priority": "urgent"}})).json()["id"]
    reply = (await can_reply(priya, shared=False))["id"]
    await priya.put(f"/tickets/{ticket['id']}/drafts/reply", {"content": "Between you and me"})
    for method, path, body in (
        ("PUT", f"/views/{view}", {"name": "Ours"}),
        ("DELETE", f"/views/{view}", None),
        ("PUT", f"/canned/{reply}", {"title": "Ours", "version": 1}),
        ("DELETE", f"/canned/{reply}", None),
        ("GET", f"/canned/{reply}/history", None),
    ):
        assert (await sam.request(method, path, json=body)).status_code == 404, (method, path)
    for path in ("/views", "/canned", "/drafts", f"/tickets/{ticket['id']}/drafts"):
        told = (await sam.get(path)).text
        assert "Between you" not in told
        assert '"Mine"' not in told
        assert f'"id":{reply},' not in told


@pytest.mark.once
@pytest.mark.sockets
async def test_no_socket_of_ones_own_tells_of_others(
    sockets: str, ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    """All that can happen to a ticket happens to Ben's; Ana's sockets hear her own pong next."""
    his = await open_ticket(ben)
    async with open_socket(f"{sockets}/ws/inbox", ana.token) as inbox, join(sockets, his["id"], ben.token) as busy:
        for socket in (inbox, busy):
            await socket.next("ready")
        hers = await open_ticket(ana)
        # Her own ticket is told of first, or it would come in between on a slow desk.
        await inbox.next("unread", ticket_id=hers["id"])
        async with join(sockets, hers["id"], ana.token) as room:
            await room.next("ready")
            await busy.say("Hello")
            await busy.send("typing", typing=True)
            await claim(priya, his["id"])
            await post_message(priya, his["id"], "Good morning")
            await post_message(priya, his["id"], "Difficult", internal=True)
            await priya.put(f"/tickets/{his['id']}/status", {"status": "resolved"})
            await ben.put(f"/tickets/{his['id']}/rating", {"score": 1})
            await busy.next("ticket")
            for socket in (room, inbox):
                assert await heard(socket) == []
