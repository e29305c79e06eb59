"""From published articles to a model that answers, in a process of its own."""

import pytest
from fastapi import FastAPI

from csts.assistant import learning
from csts.assistant.brain import Brain
from csts.assistant.learning import Learnt, learn, store
from tests.assistant.conftest import ARTICLES
from tests.make import write_article
from tests.people import Somebody


async def test_what_is_published_is_learnt_and_known_to_every_process(app: FastAPI, mona: Somebody) -> None:
    for article in ARTICLES:
        await write_article(mona, **article)
    await learn(app.state.database, app.state.sense)
    brain = Brain(app.state.database, app.state.sense)
    await brain.look()
    assert (await brain.guess("when will my card arrive")).articles[0].topic == "card-arrival"


async def test_model_of_many_parts_is_read_as_it_was_stored(
    app: FastAPI, brain: Brain, learnt: Learnt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "PART_BYTES", 1000)
    async with app.state.database.write() as session:
        await store(session, learnt, state=1, quick=False)
    fresh = Brain(app.state.database, app.state.sense)
    await fresh.look()
    assert await fresh.guess("where is my new card") == await brain.guess("where is my new card")


async def test_article_that_was_taken_back_is_not_answered_from(brain: Brain, mona: Somebody) -> None:
    (article,) = (await mona.get("/knowledge/articles", params={"q": "card has not arrived"})).json()["items"]
    await mona.put(f"/knowledge/articles/{article['id']}", {"published": False})
    await brain.look()
    guess = await brain.guess("when will my card arrive")
    assert guess.confidence == 0
    assert "card-arrival" not in [each.topic for each in guess.articles]
