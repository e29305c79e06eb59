"""A desk with articles, on which somebody works on tasks; what it has learnt is learnt by a real process."""

from collections.abc import Mapping

import pytest
from fastapi import FastAPI

from csts.assistant.brain import Brain
from csts.assistant.learning import Learnt, store
from csts.intents.storage import to_bytes
from csts.intents.topics import Topic
from csts.intents.training import train
from csts.knowledge.actions import import_articles
from csts.knowledge.queries import state
from csts.knowledge.schemas import NewArticle

ARTICLES: list[Mapping[str, object]] = [
    {
        "topic": "card-arrival",
        "title": "My new card has not arrived",
        "answer": "A new card takes five to seven working days. After ten days we send another one free of charge.",
        "examples": [
            "my card still hasn't come",
            "where is my new card",
            "when will my card arrive",
            "card not arrived yet",
            "how long does a new card take",
            "I am still waiting for my card",
        ],
    },
    {
        "topic": "refund",
        "title": "How refunds work",
        "answer": "We refund within a week, to the account that you paid from.",
        "examples": [
            "I want my money back",
            "how do I get a refund",
            "refund my order",
            "when do I get my refund",
            "can you return my money",
            "request a refund",
        ],
    },
    {
        "topic": "password",
        "title": "Set a new password",
        "answer": "Choose Forgotten password where you sign in; we send you a link.",
        "examples": [
            "I forgot my password",
            "reset my password",
            "how do I change my password",
            "cannot log in, password wrong",
            "new password please",
            "password does not work",
        ],
    },
    {
        "topic": "invoice",
        "title": "Get an invoice",
        "answer": "You find all invoices under Account, Billing, Invoices.",
        "examples": [
            "I need an invoice",
            "where are my invoices",
            "send me a bill for my order",
            "download invoice",
            "invoice for last month",
            "I need a receipt",
        ],
    },
]
KNOWN = {"subject": "Card", "description": "my card still hasn't come"}
STRANGE = {"subject": "A question about birds", "description": "how many feathers does an eagle have on its left wing"}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"CSTS_JOBS": "1", "CSTS_ASSISTANT": "1"}


@pytest.fixture(scope="session")
def learnt() -> Learnt:
    """What is learnt of these articles; once, for a process of its own takes seconds to begin."""
    topics = [
        Topic(article.topic, article.title, article.answer, article.examples) for article in map(_article, ARTICLES)
    ]
    model = train(topics)
    return Learnt(model.version, to_bytes(model))


@pytest.fixture
async def brain(app: FastAPI, learnt: Learnt) -> Brain:
    """Of a desk that has learnt its articles."""
    async with app.state.database.write() as session:
        # Together, or the desk would begin to learn by itself.
        await import_articles(session, [_article(article) for article in ARTICLES], by=None)
        await store(session, learnt, state=await state(session), quick=False)
    known: Brain = app.state.brain
    await known.look()
    return known


def _article(article: Mapping[str, object]) -> NewArticle:
    return NewArticle.model_validate(article)
