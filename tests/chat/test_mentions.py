"""Mentions in notes: who is meant, what he is told, when he has seen it, and that no customer hears of any of it."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from csts.chat.mentions import MOST_LOOKED_UP, MOST_MENTIONED, names_in
from csts.chat.posting import Item, Posted, write
from csts.chat.sheet import Glance
from csts.kit import clock
from csts.tickets.models import Mention
from tests.chat.test_batches import letter, person, send
from tests.make import open_ticket, post_message, thread
from tests.people import Account, Somebody, hire
from tests.support.chat import join, open_socket

CASES = json.loads((Path(__file__).parents[1] / "mentions.json").read_text())
SECRET = "xylophone"


async def listed(who: Somebody, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get("/tickets", params={"mentioned": "me", **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def seen(who: Somebody) -> list[bool]:
    """Of his mentions, the latest first, which he has seen."""
    return [row["mentioned"]["seen"] for row in await listed(who, sort="-mentioned_at")]


async def waiting(who: Somebody) -> int:
    return int((await who.get("/tickets/counts")).json()["mentions"])


async def note(author: Somebody, ticket_id: int, content: str) -> dict[str, Any]:
    return await post_message(author, ticket_id, content, internal=True)


@pytest.mark.parametrize("text, names", CASES)
def test_names_stand_alone_and_belong_to_no_address(text: str, names: list[str]) -> None:
    assert [cut for _, cut in names_in(text)] == names


def test_what_ends_the_sentence_may_end_the_name() -> None:
    assert names_in("@sam.lee. Or @sam...") == [("sam.lee.", "sam.lee"), ("sam...", "sam")]
    assert len(names_in(" ".join(f"@name{number}" for number in range(1000)))) == MOST_LOOKED_UP


async def test_who_is_mentioned_finds_the_ticket_until_he_has_read_it(
    ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    first, second, other = [(await open_ticket(ana))["id"] for _ in range(3)]
    await note(priya, other, "@nobody, sam, sam@example.com")
    await note(priya, second, "@sam and @Mona: the refund?")
    await note(mona, first, "And here, @SAM.")
    rows = await listed(sam, sort="-mentioned_at")
    assert [row["id"] for row in rows] == [first, second]
    assert [(row["mentioned"]["by"], row["mentioned"]["seen"]) for row in rows] == [
        ({"id": mona.id, "name": mona.name}, False),
        ({"id": priya.id, "name": priya.name}, False),
    ]
    assert (await waiting(sam), await waiting(mona), await waiting(priya)) == (2, 1, 0)
    (row,) = await listed(mona)
    assert row["id"] == second


@pytest.mark.sockets
async def test_reading_to_the_note_is_seeing_it_and_a_later_note_calls_again(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    told = await note(priya, ticket_id, "@sam?")
    async with join(sockets, ticket_id, sam.token) as room, open_socket(f"{sockets}/ws/desk", sam.token) as desk:
        await desk.next("ready")
        await room.next("ready")
        await room.send("read", seq=told["seq"] - 1)
        await room.send("read", seq=told["seq"])
        frame = await desk.next("mention", unseen=0)
        assert frame["ticket"]["mentioned"]["seen"]
        assert (await seen(sam), await waiting(sam)) == ([True], 0)

        await note(priya, ticket_id, "@sam!")
        frame = await desk.next("mention", unseen=1)
        assert (frame["ticket"]["mentioned"]["seen"], frame["ticket"]["id"]) == (False, ticket_id)
        # Somebody has written behind what he reads, so that it is counted in a transaction of its own.
        await post_message(ana, ticket_id, "Hello?")
        await room.send("read", seq=told["seq"] + 1)
        await desk.next("mention", unseen=0)
    assert await seen(sam) == [True]


@pytest.mark.sockets
async def test_only_who_is_mentioned_is_told_and_a_repeat_tells_nobody(
    sockets: str, ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    """Nor does a customer: not on his lists, in the thread, in his numbers, or by asking for it."""
    ticket_id = (await open_ticket(ana))["id"]
    async with (
        join(sockets, ticket_id, ana.token) as customer,
        open_socket(f"{sockets}/ws/inbox", ana.token) as inbox,
        open_socket(f"{sockets}/ws/desk", priya.token) as author,
        open_socket(f"{sockets}/ws/desk", mona.token) as colleague,
        open_socket(f"{sockets}/ws/desk", sam.token) as desk,
        join(sockets, ticket_id, priya.token) as room,
    ):
        for chat in (customer, inbox, author, colleague, desk, room):
            await chat.next("ready")
        client_id = str(uuid4())
        once = await room.say(f"@sam @priya {SECRET}", internal=True, client_id=client_id)
        mention = await desk.next("mention")
        assert mention["ticket"]["mentioned"]["by"] == {"id": priya.id, "name": priya.name}
        assert mention["unseen"] == 1
        assert await room.say(f"@sam @mona {SECRET}", internal=True, client_id=client_id) == once
        # What comes behind it everybody hears.
        await post_message(ana, ticket_id, "Hello?")
        for chat in (inbox, author, colleague, desk):
            await chat.next("unread")
        await customer.next("message", content="Hello?")
    assert [frame["type"] for frame in desk.seen].count("mention") == 1
    assert "mention" not in str(author.seen) + str(colleague.seen) + str(customer.seen) + str(inbox.seen)
    assert SECRET not in str(customer.seen) + str(inbox.seen)
    assert (await waiting(sam), await waiting(mona), await waiting(priya)) == (1, 0, 0)
    texts = [
        (await ana.get(path)).text for path in ("/tickets", f"/ticket/{ticket_id}", f"/tickets/{ticket_id}/events")
    ]
    assert "mention" not in "".join(texts)
    assert await listed(ana) == await listed(ana, sort="-mentioned_at") == await listed(ana, q="card") == []


async def test_a_public_reply_and_a_customer_mention_nobody(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(priya, ticket_id, "I have asked @sam.")
    await post_message(ana, ticket_id, "Is @sam there?")
    assert (await listed(sam), await waiting(sam)) == ([], 0)


async def test_who_has_left_is_plain_text(
    app: FastAPI, ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await mona.put(f"/agents/{sam.id}", {"active": False})
    await note(priya, ticket_id, "@sam? @mona?")
    assert await called(app) == [(mona.id, 2, False)]


async def test_nobody_calls_more_than_twenty(
    app: FastAPI, database_url: str, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    names = [f"agent-{number}" for number in range(MOST_MENTIONED)]
    for name in names:
        await hire(database_url, Account("agent", name, name, "agent"))
    everybody = " ".join(f"@{name}" for name in names)
    refused = await priya.post(
        f"/tickets/{ticket_id}/messages",
        {"client_id": str(uuid4()), "content": f"{everybody} @sam", "internal": True},
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "content")
    assert (await called(app), len(await thread(priya, ticket_id))) == ([], 1)
    await note(priya, ticket_id, f"{everybody} @agent-0 @priya @nobody")
    assert len(await called(app)) == MOST_MENTIONED


async def test_within_a_batch_each_note_and_each_look_counts_for_the_next(
    app: FastAPI, ana: Somebody, priya: Somebody, sam: Somebody
) -> None:
    ticket_id = (await open_ticket(ana))["id"]

    def look(number: int) -> Glance:
        return Glance(person(sam), ticket_id, number, clock.now())

    first = letter(priya, ticket_id, "@sam", internal=True)
    told, saw, *_ = await send(app, first, look(2), letter(priya, ticket_id, "@sam again", internal=True))
    assert [mention.agent_id for mention in getattr(told, "mentioned", ())] == [sam.id]
    assert getattr(saw, "saw", None) is not None
    assert await called(app) == [(sam.id, 3, False)]
    (repeat,) = await send(app, first)
    assert isinstance(repeat, Posted)
    assert (repeat.is_new, repeat.mentioned) == (False, ())
    # Its answer was lost, so that nobody knows who has been told.
    (doubtful,) = await send(app, first, may_be_known=True)
    assert [mention.agent_id for mention in getattr(doubtful, "mentioned", ())] == [sam.id]
    (again,) = await send(app, look(3))
    assert getattr(again, "saw", None) is not None
    assert await called(app) == [(sam.id, 3, True)]


async def test_a_note_that_does_more_than_that_mentions_as_well(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    message = {"client_id": str(uuid4()), "content": "@sam, yours.", "internal": True}
    answer = await priya.post(f"/tickets/{ticket_id}/answer", {"message": message, "priority": "high"})
    assert answer.status_code == 200, answer.text
    assert await seen(sam) == [False]


async def test_who_mentions_nobody_pays_nothing(ana: Somebody, priya: Somebody) -> None:
    """Neither a look for names, nor one for what a customer has read."""

    def asked(*items: Item) -> int:
        return len([statement for statement in next(write(items)) if statement.rows])

    plain = [letter(ana, 1, "@sam"), letter(priya, 1, "@sam"), letter(priya, 1, "sam@example.com", internal=True)]
    assert asked(*plain) == 2
    assert asked(*plain, Glance(person(ana), 1, 9, clock.now())) == 3
    assert asked(*plain, letter(priya, 1, "@sam", internal=True)) == 3


async def test_a_list_of_mentions_is_turned_page_by_page_and_narrowed(
    ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody
) -> None:
    tickets = [(await open_ticket(who, subject=f"zebra {n}"))["id"] for n, who in enumerate((ana, ben, ana, ben, ana))]
    for number in tickets:
        await note(priya, number, "@sam")
    await note(priya, tickets[0], "@sam, still")
    wanted = [tickets[0], *reversed(tickets[1:])]
    got, cursor = list[int](), None
    for _ in range(3):
        query = {"mentioned": "me", "sort": "-mentioned_at", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await sam.get("/tickets", params=query)).json()
        got += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert (got, cursor) == (wanted, None)
    narrowed = await listed(sam, sort="-mentioned_at", customer=ben.id, status="open")
    assert [row["id"] for row in narrowed] == [tickets[3], tickets[1]]
    assert [row["id"] for row in await listed(sam, sort="created_at", status="open")] == tickets
    assert await listed(sam, sort="-mentioned_at", status="closed") == []
    found = await listed(sam, sort="-mentioned_at", q="zebra")
    assert ([row["id"] for row in found], found[0]["mentioned"]["seen"]) == (wanted, False)
    assert await listed(priya, q="zebra") == []


async def called(app: FastAPI) -> list[tuple[int, int, bool]]:
    """All that are mentioned anywhere: who, in which line, and whether he has seen it."""
    async with app.state.database.read() as session:
        found = await session.execute(select(Mention.agent_id, Mention.seq, Mention.seen).order_by(Mention.agent_id))
        return [(row.agent_id, row.seq, row.seen) for row in found]
