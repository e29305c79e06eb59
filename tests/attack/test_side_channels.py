"""What is kept from a customer leaves no trace that he could notice: in no answer, no number, no time and no frame."""

from datetime import timedelta
from typing import Any

import pytest

from csts.kit import clock
from tests.access.matrix import matrix
from tests.attack.doors import numbered
from tests.attack.test_neighbours import heard
from tests.make import can_reply, claim, open_ticket, post_message, upload
from tests.people import Somebody
from tests.support.chat import join, open_socket

SECRET = "unutterable"
# Words and names that he might guess: what agents call him, and how they sort him.
GUESSES = [SECRET, "tricky", "snoozed", "internal"]
# An archive tells when it was made; tests/privacy/test_export.py looks into it.
CHANGES_BY_ITSELF = {"/metrics", "/healthz", "/readyz", "/user/export"}


async def everything(who: Somebody, ticket_id: int) -> dict[str, Any]:
    """Each answer that this customer can get without changing anything, by its address."""
    pages = ("/my", "/settings", "/signin", "/signup")
    told = {}
    for (method, path), cells in matrix().items():
        is_asked = method == "GET" and cells["owner"] == "200" and path not in CHANGES_BY_ITSELF
        if is_asked and not path.startswith(pages) and "{article_id}" not in path:
            told[path] = (await who.get(numbered(path, ticket_id))).content
    # By its place, too, a ticket may tell that something was done.
    told["order"] = (await who.get("/tickets", params={"sort": "-updated_at"})).content
    for guess in GUESSES:
        told[guess] = (await who.get("/tickets", params={"q": guess})).content
    return told


async def do_in_secret(agent: Somebody, ticket_id: int) -> None:
    """All that agents do among themselves."""
    file = await upload(agent, ticket_id, name=f"{SECRET}.png")
    await post_message(agent, ticket_id, f"{SECRET} customer", internal=True, attachment_ids=[file["id"]])
    await agent.put(f"/tickets/{ticket_id}/tags", {"add": ["tricky"]})
    await agent.put(f"/tickets/{ticket_id}/drafts/reply", {"content": SECRET})
    await agent.put(f"/tickets/{ticket_id}/drafts/note", {"content": SECRET})
    until = (clock.now() + timedelta(hours=1)).isoformat()
    assert (await agent.put(f"/tickets/{ticket_id}/snooze", {"until": until})).status_code == 200
    await agent.put(f"/tickets/{ticket_id}/unread")
    await agent.post(f"/tickets/{ticket_id}/assistant/suggestion")
    await agent.post("/views", {"name": SECRET, "filters": {"tag": "tricky"}, "shared": True})
    await can_reply(agent, title=SECRET, text=SECRET)


async def test_what_agents_do_among_themselves_changes_nothing_that_the_customer_is_told(
    ana: Somebody, sam: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(sam, ticket["id"])
    await post_message(sam, ticket["id"], "We are looking into it.")
    await open_ticket(ana)
    before = await everything(ana, ticket["id"])
    assert len(before) > 15
    await do_in_secret(sam, ticket["id"])
    after = await everything(ana, ticket["id"])
    assert {path: after[path] for path in after if after[path] != before[path]} == {}


@pytest.mark.once
@pytest.mark.sockets
async def test_nor_does_he_hear_that_anything_was_done(sockets: str, ana: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(sam, ticket["id"])
    async with (
        join(sockets, ticket["id"], ana.token) as room,
        open_socket(f"{sockets}/ws/inbox", ana.token) as inbox,
        open_socket(f"{sockets}/ws/desk", sam.token) as desk,
    ):
        for socket in (room, inbox, desk):
            await socket.next("ready")
        # What was done in the open has arrived by then, in its lists and in its room.
        for words in ("We are looking into it.", "One moment, please."):
            await post_message(sam, ticket["id"], words)
            while (await inbox.next("ticket"))["ticket"]["last_message_preview"] != words:
                pass
        for socket in (room, inbox):
            await heard(socket)
        await do_in_secret(sam, ticket["id"])
        while not (await desk.next("ticket"))["ticket"].get("snoozed_until"):
            pass
        assert [await heard(socket) for socket in (room, inbox)] == [[], []]


async def test_the_next_public_number_does_not_tell_how_much_was_said_in_secret(ana: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    first = (await post_message(ana, ticket_id))["seq"]
    for _ in range(3):
        await post_message(sam, ticket_id, SECRET, internal=True)
    assert (await post_message(ana, ticket_id))["seq"] == first + 1


async def test_a_search_does_not_tell_by_its_answer_what_others_have(ana: Somebody, ben: Somebody) -> None:
    """Neither by a row, nor by a cursor, nor by being cut short."""
    for _ in range(3):
        await open_ticket(ben, subject="Zeppelin", description="Zeppelin over Lake Constance")
    await open_ticket(ana)
    there = (await ana.get("/tickets", params={"q": "zeppelin", "limit": 1})).json()
    nowhere = (await ana.get("/tickets", params={"q": "xylophone", "limit": 1})).json()
    assert there == nowhere
