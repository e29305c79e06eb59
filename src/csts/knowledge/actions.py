"""What changes articles. Everybody who writes knowledge takes turns, so that nobody's change is lost in another's."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.actions import About, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.errors import DomainError, NotFound
from csts.knowledge.models import Article, ArticleRevision
from csts.knowledge.schemas import EXAMPLE_CHARS, MOST_EXAMPLES, ArticleChanges, ArticleOut, NewArticle, shaped
from csts.knowledge.turns import take_turn
from csts.versions.actions import change, record, sign

# SQLite takes 32,766 values in one statement, and nobody has promised how many topics a file holds.
IN_ONE_LIST = 500


class TopicTaken(DomainError):
    code = "topic_taken"
    status = HTTPStatus.CONFLICT
    detail = "There is an article with this topic already."


class ArticleChanged(DomainError):
    """`version` and `article` are what is stored."""

    code = "article_changed"
    status = HTTPStatus.CONFLICT
    detail = "Somebody has changed this article in the meantime. Nothing was saved yet; please compare the two."


class Imported(msgspec.Struct, frozen=True):
    """How many articles of a file were new, were changed, and said the same as before."""

    new: int
    changed: int
    same: int


async def add_article(session: AsyncSession, article: NewArticle, *, by: Actor | None) -> Article:
    """A new article with its first revision. Raises TopicTaken."""
    state = await take_turn(session)
    added = _made(article, by)
    session.add(added)
    await _flush(session)
    await record(session, ArticleRevision, [added])
    note(session, by, Act.ARTICLE_ADDED, _about(added))
    state.version += added.published
    return added


async def change_article(
    session: AsyncSession, article_id: int, changes: ArticleChanges, *, by: Actor | None
) -> Article:
    """Set the fields that are given: a revision, if anything is another.

    Raises NotFound, TopicTaken, ArticleChanged.
    """
    state = await take_turn(session)
    article = await session.get(Article, article_id, populate_existing=True)
    if article is None:
        raise NotFound
    given = changes.model_dump(exclude_unset=True)
    if given.pop("version", article.version) != article.version:
        raise ArticleChanged(version=article.version, article=shaped(article, ArticleOut))
    was_published = article.published
    if _apply(article, given, by):
        await _flush(session)
        await record(session, ArticleRevision, [article])
        note(session, by, Act.ARTICLE_CHANGED, _about(article), version=article.version)
        state.version += was_published or article.published
    return article


async def add_example(session: AsyncSession, topic: str, example: str, *, by: Actor | None) -> None:
    """One more way to ask for the article of this topic, if there is one and it has room."""
    state = await take_turn(session)
    found = select(Article).where(Article.topic == topic).execution_options(populate_existing=True)
    article = await session.scalar(found)
    words = " ".join(example.split())[:EXAMPLE_CHARS]
    if article is None or not words or words in article.examples or len(article.examples) >= MOST_EXAMPLES:
        return
    _apply(article, {"examples": [*article.examples, words]}, by)
    await _flush(session)
    await record(session, ArticleRevision, [article])
    note(session, by, Act.ARTICLE_CHANGED, _about(article), version=article.version)
    state.version += article.published


async def forget_examples(session: AsyncSession, learnt: Sequence[tuple[str, str]]) -> None:
    """Words of customers, each with the topic that it became an example of: gone from articles and their histories.

    Locks all knowledge. No version of its own: an earlier one would show them still.
    """
    state = await take_turn(session)
    for topic, example in learnt:
        words = " ".join(example.split())[:EXAMPLE_CHARS]
        mine = select(Article).where(Article.topic == topic).execution_options(populate_existing=True)
        article = await session.scalar(mine)
        if article is None:
            continue
        earlier = select(ArticleRevision).where(ArticleRevision.article_id == article.id)
        for each in (article, *await session.scalars(earlier)):
            if words in each.examples:
                each.examples = [known for known in each.examples if known != words]
        article.example_count = len(article.examples)
        # So that it is learnt anew without them.
        state.version += article.published


async def import_articles(session: AsyncSession, articles: Sequence[NewArticle], *, by: Actor | None) -> Imported:
    """Add and change by topic, which occurs once in `articles`; what is not given of a known one stays as it is."""
    state = await take_turn(session)
    known = await _by_topic(session, [each.topic for each in articles])
    added = [_made(each, by) for each in articles if each.topic not in known]
    was_published = {topic for topic, article in known.items() if article.published}
    changed = [
        known[each.topic]
        for each in articles
        if each.topic in known and _apply(known[each.topic], each.model_dump(exclude_unset=True), by)
    ]
    session.add_all(added)
    await session.flush()
    await record(session, ArticleRevision, [*added, *changed])
    note(session, by, Act.ARTICLES_IMPORTED, added=len(added), changed=len(changed))
    state.version += any(each.published or each.topic in was_published for each in (*added, *changed))
    return Imported(len(added), len(changed), len(articles) - len(added) - len(changed))


def _about(article: Article) -> About:
    return About("article", article.id, article.title)


def _made(article: NewArticle, by: Actor | None) -> Article:
    now = clock.now()
    made = Article(**article.model_dump(), version=1, created_at=now, updated_at=now)
    made.example_count = len(made.examples)
    sign(made, by)
    return made


def _apply(article: Article, given: dict[str, Any], by: Actor | None) -> bool:
    """Whether anything is another than it was."""
    is_changed = change(article, given, by)
    article.example_count = len(article.examples)
    return is_changed


async def _flush(session: AsyncSession) -> None:
    try:
        await session.flush()
    except IntegrityError:
        raise TopicTaken(errors=[{"field": "topic", "message": TopicTaken.detail}]) from None


async def _by_topic(session: AsyncSession, topics: Sequence[str]) -> dict[str, Article]:
    found: dict[str, Article] = {}
    for start in range(0, len(topics), IN_ONE_LIST):
        query = select(Article).where(Article.topic.in_(topics[start : start + IN_ONE_LIST]))
        found |= {article.topic: article for article in await session.scalars(query)}
    return found
