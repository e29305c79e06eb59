"""Tags: one word however it is spelt, found again in lists, and nothing that a customer could see."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from tests.make import open_ticket, post_message
from tests.people import Somebody
from tests.queries import count_queries
from tests.tickets.test_bulk import change, codes, kinds, undo


async def tag(agent: Somebody, ticket: dict[str, Any], *names: str, remove: tuple[str, ...] = ()) -> list[str]:
    """The tags of the ticket once these were put on it."""
    answer = await agent.put(f"/tickets/{ticket['id']}/tags", {"add": list(names), "remove": list(remove)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["tags"])


async def listed(who: Somebody, **query: Any) -> list[int]:
    answer = await who.get("/tickets", params=query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def suggested(agent: Somebody, beginning: str = "") -> list[str]:
    return list((await agent.get("/tags", params={"q": beginning})).json()["items"])


async def test_one_word_is_one_tag_however_it_is_spelt(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    first, second = await open_ticket(ana), await open_ticket(ana)
    assert await tag(priya, first, "  Late   Refund ", "VIP") == ["Late Refund", "VIP"]
    assert await tag(sam, first, "late refund", "vip") == ["Late Refund", "VIP"]
    assert await tag(sam, second, "LATE REFUND") == ["Late Refund"]
    assert await kinds(priya, first) == ["opened", "tagged"]
    assert await listed(priya, tag="late REFUND") == [second["id"], first["id"]]
    assert await listed(priya, tag="vip", status="open") == [first["id"]]
    assert await listed(priya, tag="vip", status="closed") == []
    assert await listed(priya, tag="unheard of") == []


async def test_what_nobody_uses_is_suggested_to_nobody(ana: Somebody, priya: Somebody) -> None:
    first, second = await open_ticket(ana), await open_ticket(ana)
    await tag(priya, first, "refund", "Refused", "100%", "straße")
    await tag(priya, second, "refund")
    assert await suggested(priya, "REF") == ["refund", "Refused"]
    assert await suggested(priya, "%") == []
    assert await suggested(priya, "STRASSE") == ["straße"]
    assert await tag(priya, first, remove=("REFUND", "refused", "never there")) == ["100%", "straße"]
    assert await suggested(priya, "ref") == ["refund"]
    assert await kinds(priya, first) == ["opened", "tagged", "untagged"]


async def test_customers_see_no_tags(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await tag(priya, ticket, "difficult")
    assert (await priya.get("/tickets")).json()["items"][0]["tags"] == ["difficult"]
    assert "difficult" not in (await ana.get("/tickets")).text
    assert "tags" not in (await ana.get(f"/ticket/{ticket['id']}")).json()
    assert await kinds(ana, ticket) == ["opened"]
    assert (await ana.get(f"/tickets/{ticket['id']}/messages")).json()["items"][-1]["seq"] == 1
    assert await listed(ana, tag="difficult") == await listed(ana, tag="difficult", q="card") == []


async def test_a_search_narrows_to_a_tag(ana: Somebody, priya: Somebody) -> None:
    first, second = await open_ticket(ana), await open_ticket(ana)
    await post_message(ana, first["id"], "zebra")
    await post_message(ana, second["id"], "zebra")
    await tag(priya, second, "stripes")
    assert await listed(priya, q="zebra", tag="stripes") == [second["id"]]


async def test_of_two_who_think_of_a_tag_at_once_neither_is_refused(ana: Somebody, priya: Somebody) -> None:
    tickets = [await open_ticket(ana) for _ in range(4)]
    answers = await asyncio.gather(
        *(
            priya.put(f"/tickets/{ticket['id']}/tags", {"add": [word]})
            for ticket in tickets
            for word in ("Outage", "outage", "OUTAGE")
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len(await suggested(priya)) == 1
    for ticket in tickets:
        assert len(await tag(priya, ticket, "outage")) == 1


async def test_a_ticket_has_no_more_than_twenty(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await tag(priya, ticket, *(f"tag {number}" for number in range(20)))
    refused = await priya.put(f"/tickets/{ticket['id']}/tags", {"add": ["one more"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_tags")
    assert len(await tag(priya, ticket, "one more", remove=("tag 3",))) == 20


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\u200b", 7])
async def test_what_is_no_name_is_no_tag(ana: Somebody, priya: Somebody, name: object) -> None:
    ticket = await open_ticket(ana)
    alone = await priya.put(f"/tickets/{ticket['id']}/tags", {"add": [name]})
    assert (alone.status_code, alone.json()["errors"][0]["field"]) == (422, "add.0")
    many = await priya.post("/tickets/bulk", {"ids": [ticket["id"]], "change": {"add_tags": [name]}})
    assert many.status_code == 422
    assert many.json()["errors"][0]["field"].startswith("change.add_tags")


async def test_many_tickets_are_tagged_at_once_and_put_back(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    one, other = await open_ticket(ana), await open_ticket(ana)
    await tag(sam, one, "old", "kept")
    outcomes = await change(priya, [one, other], change={"add_tags": ["New"], "remove_tags": ["OLD"]})
    assert codes(outcomes) == ["done", "done"]
    assert [item["after"]["tags"] for item in outcomes] == [["kept", "New"], ["New"]]
    await tag(sam, other, "later")
    assert codes(await undo(priya, outcomes)) == ["done", "ticket_changed"]
    assert (await tag(priya, one), await tag(priya, other)) == (["kept", "old"], ["later", "New"])


async def test_tags_cost_a_list_no_statement(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    costs = []
    for number in range(2):
        ticket = await open_ticket(ana)
        await tag(priya, ticket, "common", f"own {number}")
        with count_queries(app.state.database.engine) as sent:
            assert len(await listed(priya, status="open")) == number + 1
        # Without what the board tells of the ticket meanwhile, which it looks up by its id.
        costs.append(len([statement for statement in sent if "LIMIT" in statement]))
    assert costs == [1, 1]
