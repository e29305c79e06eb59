"""The tables of knowledge: articles with all that they ever said, rules, and a count of what was published."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from csts.kit import clock
from csts.kit.columns import UtcDateTime, exact_string
from csts.kit.db import Base
from csts.versions.models import Kept, Revision


class Article(Kept, Base):
    """One article."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_title", "title", "id"),)

    topic: Mapped[str] = mapped_column(exact_string(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    examples: Mapped[list[str]] = mapped_column(JSON)
    # Counted when they are written: the two databases agree on no function for it, and a list should not read them.
    example_count: Mapped[int]
    published: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ArticleRevision(Revision, Base):
    """An article as one change left it."""

    OWNER: ClassVar[str] = "article_id"

    __tablename__ = "article_revisions"
    __table_args__ = (UniqueConstraint("article_id", "version"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    topic: Mapped[str] = mapped_column(exact_string(80))
    title: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text)
    examples: Mapped[list[str]] = mapped_column(JSON)
    published: Mapped[bool]


class StoredRule(Kept, Base):
    """One rule; `position` counts from 1 without gaps among those that are not deleted."""

    __tablename__ = "knowledge_rules"

    # Not unique: both databases would refuse the moment in which two rules change places.
    position: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(80))
    phrases: Mapped[list[str]] = mapped_column(JSON)
    reply: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    whole: Mapped[bool]
    enabled: Mapped[bool]
    # Kept for its history: who deleted it, and what it said.
    deleted: Mapped[bool] = mapped_column(default=False)


class RuleRevision(Revision, Base):
    """A rule as one change left it."""

    OWNER: ClassVar[str] = "rule_id"

    __tablename__ = "rule_revisions"
    __table_args__ = (UniqueConstraint("rule_id", "version"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("knowledge_rules.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    phrases: Mapped[list[str]] = mapped_column(JSON)
    reply: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(20))
    whole: Mapped[bool]
    enabled: Mapped[bool]
    deleted: Mapped[bool]


class KnowledgeState(Base):
    """Its one row counts the changes of what is published, and is locked by whoever changes any knowledge."""

    __tablename__ = "knowledge_state"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int]
