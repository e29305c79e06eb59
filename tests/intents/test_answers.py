"""What a small knowledge base answers, and what it had better not."""

import pytest

from csts.intents.model import ANSWER_FROM, Model
from csts.intents.topics import Topic
from csts.intents.training import train
from tests.intents.articles import ARTICLES, STRANGE

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def model() -> Model:
    return train(ARTICLES)


@pytest.mark.parametrize(
    "question, topic",
    [
        ("I forgot my password!", "reset-password"),
        ("how can i reset my password", "reset-password"),
        ("can i get my money back please", "refund"),
        ("my parcel hasn't arrived", "late"),
        ("the app crashes", "crash"),
    ],
)
def test_what_nearly_repeats_an_example_is_answered(model: Model, question: str, topic: str) -> None:
    ranking = model.candidates(question)
    assert ranking.candidates[0].topic == topic
    assert ranking.confidence >= ANSWER_FROM


def test_a_slip_of_the_finger_is_understood(model: Model) -> None:
    ranking = model.candidates("how do i reset my passwrod")
    assert ranking.candidates[0].topic == "reset-password"
    assert ranking.confidence >= ANSWER_FROM


def test_an_article_without_examples_is_found_by_its_title(model: Model) -> None:
    ranking = model.candidates("where do i find my invoice")
    assert ranking.candidates[0].topic == "invoice"
    assert ranking.confidence >= ANSWER_FROM


@pytest.mark.parametrize("question", STRANGE)
@pytest.mark.parametrize("articles", [1, 2, len(ARTICLES)])
def test_small_talk_and_strange_questions_are_not_answered(articles: int, question: str) -> None:
    assert train(ARTICLES[:articles]).candidates(question).confidence < 0.5


@pytest.mark.parametrize("articles", [1, 2])
def test_one_article_or_two_answer_what_they_are_about(articles: int) -> None:
    ranking = train(ARTICLES[:articles]).candidates("how can i reset my password")
    assert ranking.candidates[0].topic == "reset-password"
    assert ranking.confidence >= ANSWER_FROM


@pytest.mark.parametrize(
    "question",
    [
        "",
        " \n\t",
        "?!…",
        "😀😀😀",
        "¿Dónde está mi pedido?",
        "我的包裹在哪里",
        "\ud800",
        "\0",
        "x" * 20_000,
        "a b " * 5_000,
    ],
)
def test_nothing_that_is_asked_raises_or_is_answered_by_chance(model: Model, question: str) -> None:
    assert model.candidates(question).confidence < 0.5


def test_candidates_come_best_first_and_share_what_the_first_leaves(model: Model) -> None:
    ranking = model.candidates("how do i cancel my order", limit=3)
    likely = [candidate.probability for candidate in ranking.candidates]
    assert len(likely) == 3
    assert likely == sorted(likely, reverse=True)
    assert likely[0] == ranking.confidence
    assert sum(likely) <= 1.001


def test_an_article_of_nothing_but_signs_can_be_learnt() -> None:
    ranking = train([Topic("signs", "?!", "", ("…", ""))]).candidates("hello")
    assert ranking.confidence == 0
