"""The demo's articles: concrete, short, and each with its own ways to ask."""

import re
from collections import Counter

import pytest

from csts.demo.articles import articles
from csts.knowledge.schemas import NewArticle, PublishedArticle
from csts.knowledge.search import Index


def test_there_are_twenty_and_each_has_a_topic_of_its_own() -> None:
    assert len({article.topic for article in articles()}) == len(articles()) == 20


@pytest.mark.parametrize("article", articles(), ids=lambda article: article.topic)
def test_an_answer_is_a_few_sentences(article: NewArticle) -> None:
    sentences = re.split(r"(?<=[.?!])\s", article.answer)
    assert 2 <= len(sentences) <= 6
    assert 4 <= len(article.examples) <= 8
    assert len(article.answer) < 700


def test_no_way_to_ask_belongs_to_two_articles() -> None:
    asked = Counter(example.casefold() for article in articles() for example in article.examples)
    assert [example for example, count in asked.items() if count > 1] == []


def test_the_help_finds_each_article_by_its_own_examples() -> None:
    told = [
        PublishedArticle(number, each.topic, each.title, each.answer, each.examples)
        for number, each in enumerate(articles(), 1)
    ]
    index = Index(told)
    asked = [(article.topic, example) for article in told for example in article.examples]
    first = [topic for topic, example in asked if index.found(example)[0].topic == topic]
    assert len(first) / len(asked) > 0.9
