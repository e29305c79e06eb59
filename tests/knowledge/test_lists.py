"""The desk's list of articles, and an article's history, page by page."""

import pytest
from fastapi import FastAPI

from tests.auth.sessions import refusal
from tests.knowledge.reading import rows
from tests.make import write_article
from tests.people import MONA, Somebody
from tests.queries import count_queries


async def test_the_list_is_by_title_and_can_be_narrowed(mona: Somebody, priya: Somebody) -> None:
    draft = await write_article(mona, topic="b_topic", title="Beans", published=False, examples=["one", "two"])
    await write_article(mona, topic="a_topic", title="Refund 100%", answer="Within a WEEK.")
    assert [row["title"] for row in await rows(priya)] == ["Beans", "Refund 100%"]
    assert [row["title"] for row in await rows(priya, published=True)] == ["Refund 100%"]
    assert [row["title"] for row in await rows(priya, q="week a_topic refund 0%")] == ["Refund 100%"]
    assert await rows(priya, q="week beans") == []
    (row,) = await rows(priya, published=False)
    assert row == {
        "id": draft["id"],
        "topic": "b_topic",
        "title": "Beans",
        "published": False,
        "version": 1,
        "updated_at": draft["updated_at"],
        "updated_by": {"kind": "agent", "id": mona.id, "name": MONA.name},
        "examples": 2,
    }


async def test_pages_of_the_list_join_without_a_gap(mona: Somebody) -> None:
    for number in range(7):
        await write_article(mona, title=["Same", "Other"][number % 2])
    seen, query = [], {"limit": "3"}
    while True:
        page = (await mona.get("/knowledge/articles", params=query)).json()
        seen += [row["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert len(seen) == len(set(seen)) == 7


async def test_pages_of_the_history_join_without_a_gap(mona: Somebody) -> None:
    made = await write_article(mona)
    for number in range(4):
        await mona.put(f"/knowledge/articles/{made['id']}", {"title": f"Title {number}"})
    path = f"/knowledge/articles/{made['id']}/history"
    first = (await mona.get(path, params={"limit": 3})).json()
    second = (await mona.get(path, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["version"] for each in first["items"] + second["items"]] == [5, 4, 3, 2, 1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "WyJoaXN0b3J5IiwxXQ", "WyJhcnRpY2xlcyIsIngiLC0xXQ", "WyJyZXZpc2lvbnMiLC0xXQ"])
async def test_a_foreign_cursor_is_refused(mona: Somebody, cursor: str) -> None:
    made = await write_article(mona)
    for path in ("/knowledge/articles", f"/knowledge/articles/{made['id']}/history", "/help/articles"):
        answer = await mona.get(path, params={"cursor": cursor})
        assert refusal(answer) == (422, "invalid_input")


async def test_fifty_rows_cost_no_more_statements_than_one(app: FastAPI, mona: Somebody) -> None:
    for number in range(50):
        await write_article(mona, title=f"Title {number}", examples=["one"])
    made = await write_article(mona, title="No match")
    for number in range(50):
        await mona.put(f"/knowledge/articles/{made['id']}", {"answer": f"Answer {number}"})
    for path in ("/knowledge/articles?q=title", f"/knowledge/articles/{made['id']}/history?q="):
        costs = []
        for limit in (1, 50):
            with count_queries(app.state.database.engine) as sent:
                answer = await mona.get(f"{path}&limit={limit}")
            assert len(answer.json()["items"]) == limit
            costs.append(len(sent))
        assert costs[0] == costs[1] <= 2
