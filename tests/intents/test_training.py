"""A model is named by what it was made from, and is the same wherever it was made or stored."""

import subprocess
import sys

import pytest

from csts.intents.model import Model
from csts.intents.storage import NotAModel, from_bytes, to_bytes
from csts.intents.topics import Topic
from csts.intents.training import recipe_for, train
from tests.intents.articles import ARTICLES
from tests.intents.crowd import crowd, question

pytestmark = pytest.mark.once

QUESTIONS = ("how do i get my money back", "where is it", "hello", "")


def answers(model: Model) -> list[object]:
    return [model.candidates(each) for each in QUESTIONS]


def test_the_order_of_articles_and_examples_makes_no_difference() -> None:
    turned = [Topic(each.topic, each.title, each.answer, each.examples[::-1]) for each in reversed(ARTICLES)]
    one, other = train(ARTICLES), train(turned)
    assert one.version == other.version
    assert answers(one) == answers(other)
    assert to_bytes(one) == to_bytes(other)


def test_another_example_makes_another_version() -> None:
    more = Topic("vat", ARTICLES[4].title, ARTICLES[4].answer, ("vat id",))
    assert train(ARTICLES).version != train([*ARTICLES[:4], more, *ARTICLES[5:]]).version


def test_a_stored_model_answers_as_the_one_that_was_trained() -> None:
    model = train(ARTICLES)
    stored = from_bytes(to_bytes(model))
    assert stored.version == model.version
    assert answers(stored) == answers(model)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"PK\x03\x04", to_bytes(train(ARTICLES[:1]))[:-200]])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(NotAModel):
        from_bytes(data)


def test_a_model_of_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csts.intents.storage._FORMAT", 0)
    data = to_bytes(train(ARTICLES[:1]))
    monkeypatch.undo()
    with pytest.raises(NotAModel, match="format 0"):
        from_bytes(data)


def test_a_topic_that_is_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="vat is there twice"):
        train([*ARTICLES, ARTICLES[4]])


def test_nothing_cannot_be_learnt() -> None:
    with pytest.raises(ValueError, match="no topic"):
        train([])


@pytest.mark.parametrize("quick", [True, False])
def test_many_examples_are_learnt_the_other_way_and_as_well(quick: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert recipe_for(len(crowd()) * 300, quick=quick).is_many
    model = from_bytes(to_bytes(train(crowd(), quick=quick)))
    ranking = model.candidates(question(3, 9_999))
    assert ranking.candidates[0].topic == "topic-3"
    assert ranking.confidence > 0.8
    assert model.candidates("what is the weather tomorrow").confidence < 0.3


def test_to_answer_needs_nothing_of_what_training_needs() -> None:
    program = "import sys, csts.intents.storage; sys.exit('sklearn' in sys.modules or 'scipy.linalg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_in_a_hurry_nothing_is_loaded_that_takes_longer_than_the_learning() -> None:
    program = (
        "import sys; from csts.intents.training import train; from tests.intents.crowd import crowd;"
        "train(crowd(), quick=True); sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
