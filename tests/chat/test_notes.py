"""Internal notes: agents talk behind the counter, and nothing of it reaches the customer."""

import pytest

from tests.make import open_ticket, post_message, thread, upload
from tests.people import Somebody
from tests.support.chat import join, open_socket

pytestmark = pytest.mark.sockets

SECRET = "xylophone"


async def test_note_reaches_agents_and_no_customer(sockets: str, ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    """Not as a frame, a number, an unread count or a preview: the customer's next message is simply the next one."""
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        join(sockets, ticket_id, ana.token) as customer,
        open_socket(f"{sockets}/ws/inbox", ana.token) as inbox,
        join(sockets, ticket_id, sam.token) as colleague,
        join(sockets, ticket_id, priya.token) as agent,
    ):
        for chat in (customer, inbox, colleague, agent):
            await chat.next("ready")
        await customer.next("presence", online=[priya.person, sam.person, ana.person])
        before = len(customer.seen), len(inbox.seen)
        note = await agent.say(SECRET, internal=True)
        assert (note["internal"], note["seq"]) == (True, 2)
        assert await colleague.next("message") == note
        assert (await customer.say("Hello?"))["seq"] == 2
        assert (await agent.next("message", content="Hello?"))["seq"] == 3
        await inbox.next("unread")
    heard = customer.seen[before[0] :] + inbox.seen[before[1] :]
    assert SECRET not in str(customer.seen + inbox.seen)
    assert [frame["type"] for frame in heard] == ["message", "ticket", "unread"]


async def test_note_cannot_be_found_over_http(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    before = await _told(ana, ticket_id)
    file = await upload(priya, ticket_id)
    note = await post_message(priya, ticket_id, SECRET, internal=True, attachment_ids=[file["id"]])
    assert await _told(ana, ticket_id) == before
    assert (await ana.get(f"/attachments/{file['id']}")).status_code == 404
    assert (await ana.get("/tickets", params={"q": SECRET})).json()["items"] == []
    assert len((await priya.get("/tickets", params={"q": SECRET})).json()["items"]) == 1
    assert note["id"] not in [message["id"] for message in await thread(ana, ticket_id)]


async def _told(who: Somebody, ticket_id: int) -> list[str]:
    """Everything that HTTP tells a customer of his ticket."""
    paths = (f"/ticket/{ticket_id}", f"/tickets/{ticket_id}/messages", f"/tickets/{ticket_id}/events", "/tickets")
    return [(await who.get(path)).text for path in paths]


async def test_note_does_not_count_as_unread_nor_as_an_answer(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id)
    await post_message(priya, ticket_id, SECRET, internal=True)
    (row,) = (await sam.get("/tickets")).json()["items"]
    assert (row["unread"], row["awaiting_reply"], row["last_message_preview"]) == (1, True, "Any news?")


async def test_customer_cannot_write_a_note(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with join(sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        refusal = await chat.say("Psst", internal=True)
    assert (refusal["type"], refusal["code"]) == ("error", "notes_are_for_agents")
    message = {"client_id": refusal["client_id"], "content": "Psst", "internal": True}
    assert (await ana.post(f"/tickets/{ticket_id}/messages", message)).status_code == 403


async def test_backlog_of_a_customer_has_no_notes_and_no_gaps(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for number in range(6):
        await post_message(priya, ticket_id, f"line {number}", internal=number % 2 == 0)
    async with join(sockets, ticket_id, ana.token, after=0) as customer:
        ready = await customer.next("ready")
    assert [frame["seq"] for frame in customer.messages()] == [1, 2, 3, 4]
    assert ready["last_seq"] == 4
    async with join(sockets, ticket_id, priya.token, after=0) as agent:
        assert (await agent.next("ready"))["last_seq"] == 7
    assert [frame["seq"] for frame in agent.messages()] == list(range(1, 8))


async def test_note_may_be_written_on_a_closed_ticket(ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await ana.put(f"/tickets/{ticket_id}/status", {"status": "closed"})
    await post_message(priya, ticket_id, "For the record", internal=True)
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["status"] == "closed"
