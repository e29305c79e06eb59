"""Knowledge: articles with their revisions, the rules that a desk begins with, and the count of changes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string
from csts.knowledge import defaults

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    _create_articles()
    _create_revisions()
    op.bulk_insert(_create_rules(), defaults.rows())
    op.bulk_insert(_create_state(), [{"id": 1, "version": 1}])


def downgrade() -> None:
    for table in ("knowledge_state", "knowledge_rules", "article_revisions", "articles"):
        op.drop_table(table)


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", exact_string(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("example_count", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(["editor_id"], ["agents.id"], name="fk_articles_editor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("topic", name="uq_articles_topic"),
        **INNODB,
    )
    op.create_index("ix_articles_title", "articles", ["title", "id"])


def _create_revisions() -> None:
    op.create_table(
        "article_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(100), nullable=True),
        sa.Column("topic", exact_string(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_revisions_article_id"),
        sa.ForeignKeyConstraint(["editor_id"], ["agents.id"], name="fk_article_revisions_editor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article_revisions"),
        sa.UniqueConstraint("article_id", "version", name="uq_article_revisions_article_id_version"),
        **INNODB,
    )


def _create_rules() -> sa.Table:
    rules = op.create_table(
        "knowledge_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_rules"),
        **INNODB,
    )
    op.create_index("ix_knowledge_rules_position", "knowledge_rules", ["position"])
    return rules


def _create_state() -> sa.Table:
    return op.create_table(
        "knowledge_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_knowledge_state"),
        **INNODB,
    )
