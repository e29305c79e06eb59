"""What somebody has begun to write is kept for himself alone, and is the same on all of his devices."""

import asyncio
from typing import Any

import pytest

from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import join, open_socket


async def kept(who: Somebody, ticket_id: int) -> list[tuple[str, str]]:
    answer = await who.get(f"/tickets/{ticket_id}/drafts")
    assert answer.status_code == 200, answer.text
    return [(draft["kind"], draft["content"]) for draft in answer.json()["items"]]


async def keep(who: Somebody, ticket_id: int, content: Any, kind: str = "reply", **members: Any) -> Any:
    return await who.put(f"/tickets/{ticket_id}/drafts/{kind}", {"content": content, **members})


async def test_a_reply_and_a_note_are_kept_apart_and_for_oneself_alone(
    ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    first = await keep(priya, ticket_id, "You get it", after=1)
    assert (first.status_code, first.json()["after"]) == (200, 1)
    assert (await keep(priya, ticket_id, "You get it back  ")).json()["after"] is None
    await keep(priya, ticket_id, "He is angry", "note")
    await keep(ana, ticket_id, "Thank")
    assert await kept(priya, ticket_id) == [("note", "He is angry"), ("reply", "You get it back  ")]
    assert await kept(ana, ticket_id) == [("reply", "Thank")]
    assert await kept(sam, ticket_id) == []
    for attempt in (ben.get(f"/tickets/{ticket_id}/drafts"), keep(ben, ticket_id, "Not his"), keep(ana, 2**40, "None")):
        assert (await attempt).json()["code"] == "not_found"
    assert (await keep(ana, ticket_id, "A note?", "note")).json()["code"] == "notes_are_for_agents"

    assert (await priya.delete(f"/tickets/{ticket_id}/drafts/reply")).status_code == 204
    assert (await priya.delete(f"/tickets/{ticket_id}/drafts/reply")).status_code == 204
    assert await kept(priya, ticket_id) == [("note", "He is angry")]
    assert await kept(ana, ticket_id) == [("reply", "Thank")]


async def test_what_cannot_be_kept_is_told_and_leaves_what_is_there(ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    assert (await keep(ana, ticket_id, "\N{GRINNING FACE}" * 4000)).status_code == 200
    for content in ("x" * 4001, " \n", "nul \0", None, 12):
        refused = await keep(ana, ticket_id, content)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "content")
    assert (await keep(ana, ticket_id, "x", after=-1)).json()["errors"][0]["field"] == "after"
    assert (await keep(ana, ticket_id, "x", "thought")).status_code == 422
    assert await kept(ana, ticket_id) == [("reply", "\N{GRINNING FACE}" * 4000)]


async def test_of_many_that_save_at_once_one_is_kept_and_all_are_answered(ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    answers = await asyncio.gather(*(keep(ana, ticket_id, f"Version {number}") for number in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    ((_, content),) = await kept(ana, ticket_id)
    assert content in {answer.json()["content"] for answer in answers}


async def test_all_of_ones_drafts_are_listed_page_by_page(ana: Somebody, priya: Somebody) -> None:
    tickets = [(await open_ticket(ana))["id"] for _ in range(3)]
    for number in tickets:
        await keep(priya, number, f"In {number}")
    await keep(priya, tickets[1], "Between us", "note")
    await keep(ana, tickets[0], "Hers")
    found: list[tuple[int, str]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await priya.get("/drafts", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        found += [(draft["ticket_id"], draft["kind"]) for draft in answer["items"]]
        cursor = answer["next_cursor"]
    assert found == [(tickets[2], "reply"), (tickets[1], "reply"), (tickets[1], "note"), (tickets[0], "reply")]
    assert (await priya.get("/drafts", params={"cursor": "bm9uc2Vuc2U"})).json()["code"] == "invalid_input"


@pytest.mark.sockets
async def test_ones_own_sockets_hear_of_it_and_nobody_elses(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        open_socket(f"{sockets}/ws/desk", priya.token) as desk,
        join(sockets, ticket_id, priya.token) as room,
        join(sockets, ticket_id, sam.token) as his,
        join(sockets, ticket_id, ana.token) as hers,
    ):
        await asyncio.gather(*(line.next("ready") for line in (desk, room, his, hers)))
        saved = (await keep(priya, ticket_id, "Let me see", after=1)).json()
        assert (await desk.next("own_draft"))["draft"] == saved
        assert (await room.next("own_draft"))["draft"] == saved
        await priya.delete(f"/tickets/{ticket_id}/drafts/reply")
        assert (await desk.next("own_draft"))["draft"]["content"] == ""
        # What comes behind it has come: there was nothing before.
        for line in (his, hers):
            await line.send("ping")
            await line.next("pong")
            assert [frame for frame in line.seen if frame["type"] == "own_draft"] == []
