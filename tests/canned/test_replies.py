"""Canned replies: who sees and writes which, what may stand in one, and two who edit at once."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from csts.canned.actions import MOST_REPLIES
from csts.canned.models import EVERYBODY, CannedReply
from tests.auth.sessions import refusal
from tests.make import can_reply
from tests.people import Somebody
from tests.queries import count_queries

FILLED = "Hi {{customer.first_name}}, {{ agent.name }} here about {{ticket.number}} ({{ticket.subject}})."


async def names(who: Somebody, **query: Any) -> list[str]:
    answer = await who.get("/canned", params=query)
    assert answer.status_code == 200, answer.text
    return [each["shortcut"] for each in answer.json()["items"]]


async def test_shared_ones_are_everybodys_and_own_ones_their_owners_alone(
    priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    shared = await can_reply(priya, shortcut="hours")
    own = await can_reply(priya, shortcut="bye", shared=False)
    assert await names(priya) == ["bye", "hours"]
    for other in (sam, mona):
        assert await names(other) == ["hours"]
        for answer in (
            await other.put(f"/canned/{own['id']}", {"text": "Mine now."}),
            await other.delete(f"/canned/{own['id']}"),
            await other.get(f"/canned/{own['id']}/history"),
        ):
            assert refusal(answer) == (404, "not_found")
    changed = (await sam.put(f"/canned/{shared['id']}", {"text": "From 9 to 17."})).json()
    assert (changed["text"], changed["updated_by"], changed["version"]) == ("From 9 to 17.", sam.person, 2)
    assert (await mona.delete(f"/canned/{shared['id']}")).status_code == 204
    assert await names(sam) == []


async def test_it_is_told_as_it_was_written(priya: Somebody) -> None:
    words = {"shortcut": "refund", "title": "Refund", "text": FILLED, "status": "waiting", "priority": "high"}
    made = await can_reply(priya, **words, assign=True)
    facts = {"id": made["id"], "version": 1, "updated_at": made["updated_at"], "updated_by": priya.person}
    assert made == words | {"assign": True, "shared": True} | facts
    assert (await priya.get("/canned")).json() == {"items": [made], "next_cursor": None}


@pytest.mark.parametrize(
    "field, given",
    [
        ("shortcut", "two words"),
        ("shortcut", "a/b"),
        ("shortcut", "/"),
        ("shortcut", "\u200b"),
        ("shortcut", "x" * 41),
        ("title", " "),
        ("title", "x" * 81),
        ("text", "x" * 4001),
        ("text", "Hi {{customer.nmae}}"),
        ("text", "Hi {{}}"),
        ("text", ""),
        ("status", "solved"),
        ("priority", "highest"),
    ],
)
async def test_what_cannot_be_is_told_beside_its_field(priya: Somebody, field: str, given: str) -> None:
    made = await can_reply(priya)
    reply = {"shortcut": "hello", "title": "Hello", "text": "Hello."}
    for answer in (
        await priya.post("/canned", reply | {field: given}),
        await priya.put(f"/canned/{made['id']}", {field: given}),
    ):
        assert refusal(answer) == (422, "invalid_input")
        assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert (await priya.get("/canned")).json()["items"] == [made]


async def test_a_shortcut_is_what_is_typed_behind_the_slash(priya: Somebody) -> None:
    assert (await can_reply(priya, shortcut=" /Straße "))["shortcut"] == "straße"


async def test_a_shortcut_is_taken_once_among_the_shared_and_once_among_ones_own(
    priya: Somebody, sam: Somebody
) -> None:
    await can_reply(priya, shortcut="bye")
    for who in (priya, sam):
        own = await can_reply(who, shortcut="bye", shared=False)
        again = await who.post("/canned", {"shortcut": "Bye", "title": "Bye", "text": "Bye."})
        assert refusal(again) == (409, "shortcut_taken")
        assert again.json()["errors"][0]["field"] == "shortcut"
        assert refusal(await who.put(f"/canned/{own['id']}", {"shared": True})) == (409, "shortcut_taken")
    assert await names(priya) == ["bye", "bye"]


async def test_what_is_shared_stays_shared(priya: Somebody) -> None:
    made = await can_reply(priya, shared=False)
    shared = (await priya.put(f"/canned/{made['id']}", {"shared": True, "version": 1})).json()
    assert (shared["shared"], shared["version"]) == (True, 2)
    refused = await priya.put(f"/canned/{made['id']}", {"shared": False})
    assert refusal(refused) == (422, "invalid_input")
    assert refused.json()["errors"][0]["field"] == "shared"


async def test_who_has_seen_an_older_version_is_shown_the_stored_one_and_loses_nothing(
    priya: Somebody, sam: Somebody
) -> None:
    made = await can_reply(priya)
    path = f"/canned/{made['id']}"
    stored = (await sam.put(path, {"text": "Good day.", "version": 1})).json()
    for answer in (
        await priya.put(path, {"text": "Good evening.", "version": 1}),
        await priya.delete(path, params={"version": 1}),
    ):
        assert refusal(answer) == (409, "reply_changed")
        assert (answer.json()["version"], answer.json()["reply"]) == (2, stored)
    assert (await priya.get("/canned")).json()["items"] == [stored]


async def test_of_ten_who_save_at_once_one_is_kept_and_nine_are_told(priya: Somebody, sam: Somebody) -> None:
    made = await can_reply(priya)
    saves = (
        (who, {"text": f"Says {who.name}, {number}.", "version": 1}) for number in range(5) for who in (priya, sam)
    )
    answers = await asyncio.gather(*(who.put(f"/canned/{made['id']}", change) for who, change in saves))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_every_change_is_kept_with_who_made_it(priya: Somebody, sam: Somebody) -> None:
    made = await can_reply(priya, title="Hello")
    await sam.put(f"/canned/{made['id']}", {"status": "resolved", "title": "Solved"})
    await sam.put(f"/canned/{made['id']}", {"title": "Solved"})
    newest, first = (await priya.get(f"/canned/{made['id']}/history")).json()["items"]
    same = {"shortcut": made["shortcut"], "text": made["text"], "priority": None, "assign": False, "shared": True}
    assert first == same | {
        "version": 1, "at": made["updated_at"], "by": priya.person, "title": "Hello", "status": None,
    }  # fmt: skip
    assert (newest["version"], newest["by"], newest["title"], newest["status"]) == (2, sam.person, "Solved", "resolved")


async def test_a_macro_may_do_without_a_text_but_not_without_anything(priya: Somebody) -> None:
    made = await can_reply(priya, text="", status="resolved")
    refused = await priya.put(f"/canned/{made['id']}", {"status": None})
    assert refusal(refused) == (422, "invalid_input")
    assert (await priya.put(f"/canned/{made['id']}", {"status": None, "assign": True})).json()["assign"] is True


async def test_the_list_is_narrowed_by_words_and_comes_in_pages(app: FastAPI, priya: Somebody, sam: Somebody) -> None:
    await can_reply(sam, shortcut="a-100%", title="All of it", text="You get EVERYTHING back.")
    for number in range(6):
        await can_reply(priya, shortcut=f"b-{number}", shared=number % 2 == 0)
    assert await names(priya, q="everything 0% all") == ["a-100%"]
    assert await names(priya, shared=False) == ["b-1", "b-3", "b-5"]
    assert await names(priya, shared=True, q="b-") == ["b-0", "b-2", "b-4"]
    seen, query = [], {"limit": "3"}
    while True:
        with count_queries(app.state.database.engine) as statements:
            page = (await priya.get("/canned", params=query)).json()
        assert len(statements) <= 2
        seen += [each["shortcut"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == ["a-100%", *(f"b-{number}" for number in range(6))]
    assert refusal(await priya.get("/canned", params={"cursor": "WyJydWxlcyJd"})) == (422, "invalid_input")


async def test_there_is_room_for_five_hundred_on_each_shelf(app: FastAPI, priya: Somebody, sam: Somebody) -> None:
    own = await can_reply(priya, shared=False)
    async with app.state.database.write() as session:
        session.add_all(
            CannedReply(owner_id=EVERYBODY, shortcut=f"n-{number}", title="Many", text="Many.", assign=False)
            for number in range(MOST_REPLIES)
        )
    for answer in (
        await sam.post("/canned", {"shortcut": "more", "title": "More", "text": "More.", "shared": True}),
        await priya.put(f"/canned/{own['id']}", {"shared": True}),
    ):
        assert refusal(answer) == (409, "too_many_replies")
    assert (await can_reply(sam, shared=False))["version"] == 1
