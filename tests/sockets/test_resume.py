"""What is asked for with `after`, and who may use a `client_id` again."""

import uuid

import pytest

from tests.make import open_ticket, post_message, thread
from tests.people import Somebody
from tests.support.chat import join
from tests.support.server import Server

pytestmark = pytest.mark.sockets


async def test_same_client_id_of_another_sender_is_another_message(
    server: Server, ana: Somebody, priya: Somebody
) -> None:
    """Customers and agents count their ids apart, so both may well be number 1."""
    ticket_id = (await open_ticket(ana))["id"]
    client_id = str(uuid.uuid4())
    await post_message(ana, ticket_id, "Hers", client_id=client_id)
    await post_message(priya, ticket_id, "His", client_id=client_id)
    assert [frame["content"] for frame in await thread(ana, ticket_id)][1:] == ["Hers", "His"]


async def test_repeat_on_a_closed_ticket_is_answered_with_the_stored_message(server: Server, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    client_id = str(uuid.uuid4())
    first = await post_message(ana, ticket_id, "Last word", client_id=client_id)
    await ana.put(f"/tickets/{ticket_id}/status", {"status": "closed"})
    async with join(server.sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        assert (await chat.say("Last word", client_id=client_id))["id"] == first["id"]


@pytest.mark.parametrize(
    "after, seqs, last_seq",
    [("0", [1, 2, 3], 3), ("2", [3], 3), ("3", [], 3), ("99", [], 3), ("", [1, 2, 3], 3), ("-1", [1, 2, 3], 3)],
)
async def test_after_names_the_last_number_that_was_seen(
    server: Server, ana: Somebody, after: str, seqs: list[int], last_seq: int
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id)
    await post_message(ana, ticket_id)
    async with join(server.sockets, ticket_id, ana.token, after=after) as chat:
        ready = await chat.next("ready")
        assert [frame["seq"] for frame in chat.messages()] == seqs
        assert chat.seen[-1] is ready
        assert ready["last_seq"] == ready["ticket"]["last_seq"] == last_seq


async def test_without_after_no_backlog_is_sent(server: Server, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(ana, ticket_id)
    async with join(server.sockets, ticket_id, ana.token) as chat:
        await chat.next("ready")
        assert len(chat.seen) == 1
