"""Reads of knowledge: what is published, the desk's list, an article, the rules."""

from typing import Annotated, Any

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.columns import MAX_ID
from csts.kit.errors import NotFound
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.knowledge.models import Article, KnowledgeState, StoredRule
from csts.knowledge.schemas import ArticleRow, PublishedArticle, RuleOut, shaped
from csts.versions.models import editor

# As in the lists of tickets: further words narrow down what is narrow already.
SEARCH_WORDS = 8
ONLY_STATE = 1

RULES_IN_ORDER = select(StoredRule).where(StoredRule.deleted.is_(False)).order_by(StoredRule.position, StoredRule.id)

_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_ID)]


async def state(session: AsyncSession) -> int:
    """A number that is another one after every change of what is published; one small row."""
    found = await session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == ONLY_STATE))
    return found or 0


async def published(session: AsyncSession) -> list[PublishedArticle]:
    """All that is published, in the order of ids. Read `state` first: what is newer than it will be seen again."""
    columns = (Article.id, Article.topic, Article.title, Article.answer, Article.examples)
    found = await session.execute(select(*columns).where(Article.published).order_by(Article.id))
    return [PublishedArticle(*row) for row in found]


async def get(session: AsyncSession, article_id: int, *, only_published: bool = False) -> Article:
    """Raises NotFound."""
    article = await session.get(Article, article_id)
    if article is None or (only_published and not article.published):
        raise NotFound
    return article


async def page(
    session: AsyncSession, *, words: list[str], is_published: bool | None, limit: int, cursor: str | None
) -> Page[ArticleRow]:
    """Articles by title that hold all words in topic, title or answer. Raises InvalidInput for a foreign cursor."""
    conditions = [_mentions(word) for word in words[:SEARCH_WORDS]]
    if is_published is not None:
        conditions.append(Article.published.is_(is_published))
    if cursor:
        title, last_id = decode_cursor(cursor, "articles", [str, _Number])
        conditions.append(or_(Article.title > title, and_(Article.title == title, Article.id > last_id)))
    # Columns: a list that shows no answers should not read a thousand examples for each row.
    query = select(*_ROW).where(*conditions).order_by(Article.title, Article.id).limit(limit + 1)
    found = (await session.execute(query)).all()
    rows = [_row(each) for each in found[:limit]]
    more = encode_cursor("articles", [rows[-1].title, rows[-1].id]) if len(found) > limit else None
    return Page(rows, more)


async def rules(session: AsyncSession) -> list[RuleOut]:
    """All rules in their order, for `rules.match`; the disabled ones too."""
    return [shaped(each, RuleOut) for each in await session.scalars(RULES_IN_ORDER)]


_ROW = (
    Article.id,
    Article.topic,
    Article.title,
    Article.published,
    Article.version,
    Article.updated_at,
    Article.editor_id,
    Article.editor_name,
    Article.example_count,
)


def _mentions(word: str) -> ColumnElement[bool]:
    columns = (Article.topic, Article.title, Article.answer)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))


def _row(found: Any) -> ArticleRow:
    return ArticleRow(
        id=found.id,
        topic=found.topic,
        title=found.title,
        published=found.published,
        version=found.version,
        updated_at=found.updated_at,
        updated_by=editor(found.editor_id, found.editor_name),
        examples=found.example_count,
    )
