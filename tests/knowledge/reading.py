"""What a test reads of knowledge, in one line each."""

from typing import Any

from fastapi import FastAPI

from csts.knowledge import queries
from tests.people import Somebody


async def state(app: FastAPI) -> int:
    async with app.state.database.read() as session:
        return await queries.state(session)


async def published(app: FastAPI) -> list[str]:
    async with app.state.database.read() as session:
        return [article.topic for article in await queries.published(session)]


async def history(who: Somebody, article_id: int, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get(f"/knowledge/articles/{article_id}/history", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def rows(who: Somebody, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get("/knowledge/articles", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])
