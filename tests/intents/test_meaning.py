"""What a model answers that knows what texts mean, beside the words that they have."""

from dataclasses import replace
from pathlib import Path

import pytest

from csts.intents import training
from csts.intents.encoder import encoder_at
from csts.intents.memory import Memory, key_of
from csts.intents.model import ANSWER_FROM, Model
from csts.intents.storage import NotAModel, from_bytes, remembered, to_bytes
from csts.intents.topics import encoder_of
from csts.intents.training import train
from tests.intents.articles import ARTICLES, STRANGE
from tests.intents.crowd import crowd, question
from tests.intents.sentence_model import altered, sentence_model

pytestmark = pytest.mark.once

OTHER_WORDS = [
    ("the secret that I log in with has slipped my mind", "reset-password"),
    ("please reimburse me", "refund"),
    ("the courier still has not dropped off my shipment", "late"),
]


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory(sentence_model())


@pytest.fixture(scope="module")
def stored(memory: Memory) -> bytes:
    own = Memory(sentence_model(), memory.vectors)
    return to_bytes(train(ARTICLES, memory=own), own)


@pytest.fixture(scope="module")
def model(stored: bytes) -> Model:
    return from_bytes(stored, sentence_model())


@pytest.mark.parametrize("asked, topic", OTHER_WORDS)
def test_who_asks_in_other_words_is_understood(model: Model, asked: str, topic: str) -> None:
    meant = model.candidates(asked)
    assert meant.candidates[0].topic == topic
    assert meant.confidence > train(ARTICLES).candidates(asked).confidence + 0.1


def test_what_nearly_repeats_an_example_is_answered(model: Model) -> None:
    for asked, topic in (("how can i reset my password", "reset-password"), ("my parcel hasn't arrived", "late")):
        ranking = model.candidates(asked)
        assert ranking.candidates[0].topic == topic
        assert ranking.confidence >= ANSWER_FROM


@pytest.mark.parametrize("articles", [1, 2, len(ARTICLES)])
def test_small_talk_and_strange_questions_are_not_answered(articles: int, memory: Memory) -> None:
    model = train(ARTICLES[:articles], memory=memory)
    assert max(model.candidates(each).confidence for each in STRANGE) < 0.5


@pytest.mark.parametrize("asked", ["", "?!…", "😀😀😀", "我的包裹在哪里", "\ud800", "\0", "x" * 20_000])
def test_nothing_that_is_asked_raises_or_is_answered_by_chance(model: Model, asked: str) -> None:
    assert model.candidates(asked).confidence < 0.5


def test_a_stored_model_answers_as_the_one_that_was_trained(model: Model, memory: Memory) -> None:
    trained = train(ARTICLES, memory=memory)
    assert trained.version == model.version
    for asked in (*STRANGE, *(asked for asked, _ in OTHER_WORDS)):
        assert trained.candidates(asked) == model.candidates(asked)


def test_a_version_names_the_encoder_that_it_needs(model: Model, stored: bytes, tmp_path: Path) -> None:
    assert encoder_of(model.version) == sentence_model().name
    assert not encoder_of(train(ARTICLES).version)
    cut = altered(tmp_path, "config.json", num_hidden_layers=1)
    for other in (None, encoder_at(cut)):
        with pytest.raises(NotAModel, match=f"for the encoder {sentence_model().name}"):
            from_bytes(stored, other)


def test_what_was_stored_is_remembered_by_the_same_encoder_alone(stored: bytes, memory: Memory) -> None:
    found = remembered(stored, sentence_model().name)
    assert {key_of(text) for topic in ARTICLES for text in topic.examples} <= found.keys()
    again = Memory(sentence_model(), found)
    train(ARTICLES, memory=again)
    assert again.vectors.keys() == found.keys()
    assert all((vector == memory.vectors[key]).all() for key, vector in found.items())
    for data, name in ((stored, "another"), (to_bytes(train(ARTICLES)), sentence_model().name), (b"", "")):
        assert remembered(data, name) == {}


def test_many_examples_are_learnt_the_other_way_and_as_well(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    # Thousands would take a minute to encode.
    monkeypatch.setattr(training, "MANY_TEXTS", 100)
    topics = [replace(topic, examples=topic.examples[:20]) for topic in crowd()]
    model = from_bytes(to_bytes(train(topics, memory=memory), memory), sentence_model())
    ranking = model.candidates(question(3, 99))
    assert ranking.candidates[0].topic == "topic-3"
    assert ranking.confidence > 0.8
    assert model.candidates("what is the weather tomorrow").confidence < 0.3
