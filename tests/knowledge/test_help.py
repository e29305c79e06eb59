"""The public help: what is published, for anybody, the best match first."""

import asyncio
import time
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts.knowledge.schemas import PublishedArticle
from csts.knowledge.search import Index
from tests.auth.sessions import refusal
from tests.make import write_article
from tests.people import Somebody
from tests.queries import count_queries


async def found(client: AsyncClient, q: str = "", **query: Any) -> list[str]:
    answer = await client.get("/help/articles", params={"q": q, **query})
    assert answer.status_code == 200, answer.text
    return [item["topic"] for item in answer.json()["items"]]


async def fill(mona: Somebody) -> None:
    await write_article(mona, topic="refund", title="When do I get my money back?", answer="Refunds take three days.")
    await write_article(
        mona,
        topic="declined",
        title="Card declined",
        answer="The bank says no.",
        examples=["payment did not go through", "my card is refused"],
    )
    await write_article(mona, topic="café", title="Öffnungszeiten des Cafés", answer="From nine to five.")
    await write_article(mona, topic="draft", title="Refund draft card", answer="refund", published=False)


async def test_anybody_reads_what_is_published(client: AsyncClient, mona: Somebody) -> None:
    made = await write_article(mona, title="Card declined", answer="The bank\n\nsays no. " * 30)
    (row,) = (await client.get("/help/articles")).json()["items"]
    assert set(row) == {"id", "topic", "title", "excerpt"}
    assert len(row["excerpt"]) <= 160
    assert row["excerpt"].startswith("The bank says no. The bank")
    assert row["excerpt"].endswith("…")
    article = (await client.get(f"/help/articles/{made['id']}")).json()
    assert article == {key: made[key] for key in ("id", "topic", "title", "answer", "updated_at")}


async def test_what_is_not_published_does_not_exist(client: AsyncClient, mona: Somebody) -> None:
    draft = await write_article(mona, topic="draft", published=False)
    path = f"/help/articles/{draft['id']}"
    assert await found(client) == await found(client, "draft") == []
    hidden = await client.get(path)
    assert refusal(hidden) == (404, "not_found")
    assert hidden.json() == (await client.get("/help/articles/999999")).json()
    await mona.put(f"/knowledge/articles/{draft['id']}", {"published": True})
    assert await found(client) == await found(client, "draft") == ["draft"]
    assert (await client.get(path)).status_code == 200
    await mona.put(f"/knowledge/articles/{draft['id']}", {"published": False})
    assert await found(client) == await found(client, "draft") == []
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "q, topics",
    [
        ("REFUND", ["refund"]),
        ("refunds", ["refund"]),
        ("money card declined", ["declined", "refund"]),
        ("I paid, but the payment did not go through. What now?", ["declined"]),
        ("offnungszeiten", ["café"]),
        ("CAFE", ["café"]),
        ("decl", ["declined"]),
        ("zebra", []),
        ("zebra refund", ["refund"]),
        ("de", []),
        ("?!", []),
        ("%", []),
    ],
)
async def test_any_of_the_words_is_enough_and_the_best_comes_first(
    client: AsyncClient, mona: Somebody, q: str, topics: list[str]
) -> None:
    await fill(mona)
    assert await found(client, q) == topics


async def test_without_words_everything_is_there_by_title(client: AsyncClient, mona: Somebody) -> None:
    await fill(mona)
    assert await found(client) == await found(client, "  ") == ["declined", "café", "refund"]


async def test_pages_join_without_a_gap(client: AsyncClient, mona: Somebody) -> None:
    await fill(mona)
    for q in ("", "card money offnungszeiten"):
        first = (await client.get("/help/articles", params={"q": q, "limit": 2})).json()
        rest = (await client.get("/help/articles", params={"q": q, "cursor": first["next_cursor"]})).json()
        topics = [item["topic"] for item in first["items"] + rest["items"]]
        assert sorted(topics) == ["café", "declined", "refund"]
        assert rest["next_cursor"] is None


async def test_a_change_is_found_with_the_next_search(client: AsyncClient, mona: Somebody) -> None:
    made = await write_article(mona, title="Card declined")
    assert await found(client, "card") == [made["topic"]]
    await mona.put(f"/knowledge/articles/{made['id']}", {"title": "Voucher refused", "answer": "Type it again."})
    assert await found(client, "card") == []
    assert await found(client, "voucher") == [made["topic"]]


async def test_of_many_who_ask_after_a_change_one_reads_it_for_all(
    app: FastAPI, client: AsyncClient, mona: Somebody
) -> None:
    made = await write_article(mona)
    with count_queries(app.state.database.engine) as sent:
        answers = await asyncio.gather(*(found(client, "card") for _ in range(10)))
    assert answers == [[made["topic"]]] * 10
    assert sum("articles" in statement for statement in sent) == 1


@pytest.mark.parametrize("limit, status", [("1", 200), ("100", 200), ("0", 422), ("101", 422), ("x", 422)])
async def test_the_limit_has_limits(client: AsyncClient, limit: str, status: int) -> None:
    assert (await client.get("/help/articles", params={"limit": limit})).status_code == status


async def test_a_search_costs_one_statement(app: FastAPI, client: AsyncClient, mona: Somebody) -> None:
    costs = []
    for count in (1, 30):
        for _ in range(count):
            await write_article(mona)
        await found(client)
        with count_queries(app.state.database.engine) as sent:
            await found(client, "card")
        costs.append(len(sent))
    assert costs == [1, 1]


async def test_the_longest_question_is_answered_and_a_longer_one_refused(client: AsyncClient, mona: Somebody) -> None:
    made = await write_article(mona)
    assert await found(client, f"card {'x' * 19_995}") == [made["topic"]]
    answer = await client.get("/help/articles", params={"q": "x" * 20_001})
    assert refusal(answer) == (422, "invalid_input")


@pytest.mark.once
@pytest.mark.parametrize("text", ["card " * 4000, "x" * 20_000, "\u0301é" * 10_000, "a b c d " * 2500])
def test_twenty_thousand_characters_take_no_time(text: str) -> None:
    examples = [f"Why was payment {number} with my card refused?" for number in range(50)]
    articles = [
        PublishedArticle(number, f"topic_{number}", f"Card {number}", "Please try another card.", examples)
        for number in range(200)
    ]
    index = Index(articles)
    begun = time.process_time()
    index.found(text)
    assert time.process_time() - begun < 0.2


class TestLimit:
    """With the limit of an operator who expects few."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return {**environment, "CSTS_LIMIT_HELP": "3/minute"}

    @pytest.mark.once
    async def test_an_address_that_asks_too_often_is_told_when_to_come_back(self, client: AsyncClient) -> None:
        assert await found(client) == await found(client, "card") == []
        assert (await client.get("/help/articles/1")).status_code == 404
        for path in ("/help/articles", "/help/articles/1"):
            answer = await client.get(path)
            assert refusal(answer) == (429, "too_many_requests")
            assert 1 <= int(answer.headers["retry-after"]) <= 60
