"""Canned replies, shared and own, with their history; those that also do something are macros."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import VARCHAR

from csts.kit.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        *_signature(),
        sa.ForeignKeyConstraint(["editor_id"], ["agents.id"], name="fk_canned_replies_editor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
        sa.UniqueConstraint("owner_id", "shortcut", name="uq_canned_replies_owner_id_shortcut"),
        **INNODB,
    )
    op.create_table(
        "canned_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        *_words(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *_signature(),
        sa.ForeignKeyConstraint(["reply_id"], ["canned_replies.id"], name="fk_canned_revisions_reply_id"),
        sa.ForeignKeyConstraint(["editor_id"], ["agents.id"], name="fk_canned_revisions_editor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_canned_revisions"),
        sa.UniqueConstraint("reply_id", "version", name="uq_canned_revisions_reply_id_version"),
        **INNODB,
    )


def downgrade() -> None:
    op.drop_table("canned_revisions")
    op.drop_table("canned_replies")


def _words() -> list[sa.Column[Any]]:
    shortcut = sa.String(40).with_variant(VARCHAR(40, charset="utf8mb4", collation="utf8mb4_bin"), "mysql")
    return [
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("shortcut", shortcut, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=True),
        sa.Column("priority", sa.String(20), nullable=True),
        sa.Column("assign", sa.Boolean(), nullable=False),
    ]


def _signature() -> list[sa.Column[Any]]:
    return [
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(100), nullable=True),
    ]
