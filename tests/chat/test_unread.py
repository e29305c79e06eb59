"""Unread is what the other side has said since one has read; and one may set it back for oneself."""

import asyncio
from typing import Any

import pytest

from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody
from tests.support.chat import join, open_socket


async def unread(who: Somebody, ticket_id: int) -> tuple[int, int]:
    """As the ticket itself tells it, and as a list does."""
    ticket = (await who.get(f"/ticket/{ticket_id}")).json()
    (row,) = [row for row in (await who.get("/tickets")).json()["items"] if row["id"] == ticket_id]
    return ticket["unread"], row["unread"]


async def read_all(sockets: str, ticket_id: int, who: Somebody) -> None:
    """As a page does that shows the end of the thread; its lists say when it is done."""
    lists = "desk" if who.account.kind == "agent" else "inbox"
    async with open_socket(f"{sockets}/ws/{lists}", who.token) as line, join(sockets, ticket_id, who.token) as room:
        await line.next("ready")
        last = (await room.next("ready"))["last_seq"]
        await room.send("read", seq=last)
        await line.next("unread", ticket_id=ticket_id, unread=0)


async def test_only_words_of_the_other_side_count(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await claim(priya, ticket_id)
    await post_message(priya, ticket_id, "From a colleague")
    await post_message(priya, ticket_id, "Between us", internal=True)
    await set_status(priya, ticket_id, "waiting")
    await post_message(ana, ticket_id, "From the customer")
    assert [await unread(who, ticket_id) for who in (priya, sam, ana)] == [(1, 1), (1, 1), (1, 1)]


@pytest.mark.sockets
async def test_an_agent_marks_a_ticket_unread_until_she_reads_it_again(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for words in ("One", "Two"):
        await post_message(ana, ticket_id, words)
    await post_message(priya, ticket_id, "Between us", internal=True)
    for who in (priya, sam):
        await read_all(sockets, ticket_id, who)
    async with open_socket(f"{sockets}/ws/desk", priya.token) as desk, join(sockets, ticket_id, ana.token) as room:
        await asyncio.gather(desk.next("ready"), room.next("ready"))
        answer = await priya.put(f"/tickets/{ticket_id}/unread")
        assert (answer.status_code, answer.json()["unread"]) == (200, 1)
        assert (await desk.next("unread"))["unread"] == 1
        await priya.put(f"/tickets/{ticket_id}/unread")
        assert [await unread(who, ticket_id) for who in (priya, sam)] == [(1, 1), (0, 0)]
        # It is nobody else's business: the customer is told nothing, and what was seen has been seen.
        await room.send("ping")
        await room.next("pong")
        assert [frame for frame in room.seen if frame["type"] == "read"] == []
    async with join(sockets, ticket_id, ana.token) as again:
        assert seen_by(await again.next("ready"), priya) == 3
    await post_message(ana, ticket_id, "Three")
    assert await unread(priya, ticket_id) == (2, 2)
    await read_all(sockets, ticket_id, priya)
    assert await unread(priya, ticket_id) == (0, 0)


@pytest.mark.sockets
async def test_a_ticket_with_nothing_but_its_description_can_be_unread(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    assert await unread(priya, ticket_id) == (0, 0)
    await priya.put(f"/tickets/{ticket_id}/unread")
    assert await unread(priya, ticket_id) == (1, 1)
    await read_all(sockets, ticket_id, priya)
    assert await unread(priya, ticket_id) == (0, 0)


@pytest.mark.sockets
async def test_what_was_read_before_others_wrote_is_read_again_as_well(
    sockets: str, ana: Somebody, priya: Somebody
) -> None:
    """By the way of a customer who has a note behind what he read: it is counted, and not known by the end."""
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(priya, ticket_id, "For you")
    await post_message(priya, ticket_id, "Between us", internal=True)
    await read_all(sockets, ticket_id, ana)
    await ana.put(f"/tickets/{ticket_id}/unread")
    assert await unread(ana, ticket_id) == (1, 1)
    await read_all(sockets, ticket_id, ana)
    assert await unread(ana, ticket_id) == (0, 0)


def seen_by(ready: dict[str, Any], who: Somebody) -> int:
    (mark,) = [mark for mark in ready["read"] if mark["sender"] == who.person]
    return int(mark["seq"])
