"""A desk with a sentence model answers by meaning, and one that has lost it by words."""

import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select
from structlog.testing import capture_logs

from csts.assistant import learning
from csts.assistant.brain import Brain
from csts.assistant.learning import Learnt, learn, newest, store, stored
from csts.assistant.models import LearntModel
from csts.assistant.sense import Sense
from csts.intents.memory import Memory, key_of
from csts.intents.storage import remembered, to_bytes
from csts.intents.topics import Topic, encoder_of
from csts.intents.training import train
from csts.kit.tasks import StoredTask
from csts.knowledge.queries import state
from tests.assistant.conftest import ARTICLES
from tests.intents.sentence_model import altered, model_folder, sentence_model
from tests.make import write_article
from tests.people import Somebody

# No word of it stands in an article.
OTHER_WORDS = "the secret that lets me in has slipped my mind"
EXAMPLE = "where is my new card"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    # Nothing is learnt but what a test asks for.
    return environment | {"CSTS_ASSISTANT_SEMANTIC": str(model_folder()), "CSTS_JOBS": "0", "CSTS_ASSISTANT": "0"}


@pytest.fixture
async def articles(mona: Somebody) -> None:
    for article in ARTICLES:
        await write_article(mona, **article)


@pytest.fixture
async def article(mona: Somebody) -> None:
    """Learnt at once: with one example there is nothing to hold back, and nobody's everyday talk is encoded."""
    await write_article(mona, **(dict(ARTICLES[0]) | {"examples": [EXAMPLE]}))


async def versions(app: FastAPI) -> list[str]:
    """Of all stored models, oldest first."""
    async with app.state.database.read() as session:
        return list(await session.scalars(select(LearntModel.version).order_by(LearntModel.id)))


async def know_meaning(app: FastAPI) -> None:
    """As if the desk had learnt, in this process, which spares the start of one."""
    memory = Memory(sentence_model())
    model = train([Topic("card-arrival", "Cards", "By post.", [EXAMPLE])], memory=memory)
    async with app.state.database.write() as session:
        await store(session, Learnt(model.version, to_bytes(model, memory)), state=await state(session), quick=False)


async def is_asked_to_learn(app: FastAPI) -> bool:
    async with app.state.database.read() as session:
        asked = select(func.count()).select_from(StoredTask).where(StoredTask.name == learning.LEARN)
        return bool(await session.scalar(asked))


@pytest.mark.once
@pytest.mark.usefixtures("articles")
async def test_who_asks_in_other_words_is_understood(app: FastAPI) -> None:
    await learn(app.state.database, app.state.sense)
    brain = Brain(app.state.database, app.state.sense)
    await brain.look()
    assert (await brain.guess(OTHER_WORDS)).articles[0].topic == "password"
    by_words = Brain(app.state.database, Sense(""))
    await learn(app.state.database, Sense(""))
    await by_words.look()
    assert (await by_words.guess(OTHER_WORDS)).articles[0].topic != "password"


@pytest.mark.usefixtures("article")
async def test_many_examples_are_answered_by_words_until_their_meaning_is_known(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "FEW_EXAMPLES", 0)
    await learn(app.state.database, app.state.sense)
    encoder = await app.state.sense.encoder()
    assert [encoder_of(version) for version in await versions(app)] == ["", encoder.name]


@pytest.mark.usefixtures("article")
async def test_what_was_encoded_for_the_last_model_is_not_encoded_for_the_next(app: FastAPI) -> None:
    example = key_of(EXAMPLE)
    # A vector that no encoder would give it, by which it is known again.
    memory = Memory(sentence_model(), {example: sentence_model()(["an elephant"])[0]})
    before = train([Topic("card", "Cards", "By post.", [EXAMPLE])], memory=memory)
    async with app.state.database.write() as session:
        await store(session, Learnt(before.version, to_bytes(before, memory)), state=0, quick=False)
    await learn(app.state.database, app.state.sense)
    async with app.state.database.read() as session:
        latest = await newest(session, sentence_model().name)
        assert latest is not None
        found = remembered(await stored(session, latest), sentence_model().name)
    assert latest.version != before.version
    assert (found[example] == memory.vectors[example]).all()


@pytest.mark.once
@pytest.mark.usefixtures("article")
async def test_a_desk_that_has_lost_the_folder_says_so_and_learns_words(app: FastAPI, tmp_path: Path) -> None:
    await know_meaning(app)
    with capture_logs() as logs:
        lost = Sense(str(tmp_path / "gone"))
        brain = Brain(app.state.database, lost)
        await brain.look()
        await brain.look()
    assert [line["event"] for line in logs].count("semantic_unavailable") == 1
    assert "config.json is missing" in next(line["reason"] for line in logs if line["event"] == "semantic_unavailable")
    assert not brain.is_ready
    assert await is_asked_to_learn(app)
    await learn(app.state.database, lost)
    await brain.look()
    assert (await brain.guess("when will my card arrive")).articles[0].topic == "card-arrival"


@pytest.mark.once
@pytest.mark.usefixtures("article")
async def test_a_desk_with_a_new_sentence_model_answers_by_words_and_asks_to_learn(app: FastAPI) -> None:
    await learn(app.state.database, Sense(""))
    brain = Brain(app.state.database, app.state.sense)
    await brain.look()
    assert (await brain.guess("when will my card arrive")).articles[0].topic == "card-arrival"
    assert await is_asked_to_learn(app)


@pytest.mark.once
@pytest.mark.usefixtures("article")
async def test_another_sentence_model_is_not_answered_with(app: FastAPI, tmp_path: Path) -> None:
    await know_meaning(app)
    other = Brain(app.state.database, Sense(str(altered(tmp_path, "config.json", num_hidden_layers=1))))
    await other.look()
    assert not other.is_ready
    assert await is_asked_to_learn(app)


@pytest.mark.once
@pytest.mark.usefixtures("article")
async def test_a_folder_that_goes_while_the_desk_is_open_costs_meaning_and_no_answers(
    app: FastAPI, tmp_path: Path
) -> None:
    folder = altered(tmp_path / "model", "config.json")
    sense = Sense(str(folder))
    assert await sense.encoder()
    shutil.rmtree(folder)
    with capture_logs() as logs:
        await learn(app.state.database, sense)
    assert any("config.json is missing" in line["words"] for line in logs if line["event"] == "learning_complains")
    assert [encoder_of(version) for version in await versions(app)] == [""]
