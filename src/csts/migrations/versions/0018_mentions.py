"""Mentions: which agents internal notes have called, and whether they have read that."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "mentions",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agent_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(100), nullable=False),
        sa.Column("mentioned_at", UtcDateTime(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_mentions_ticket_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_mentions_agent_id"),
        sa.PrimaryKeyConstraint("ticket_id", "agent_id", name="pk_mentions"),
        **INNODB,
    )
    op.create_index("ix_mentions_agent_id_mentioned_at", "mentions", ["agent_id", "mentioned_at", "ticket_id"])
    op.create_index("ix_mentions_agent_id_seen", "mentions", ["agent_id", "seen"])


def downgrade() -> None:
    op.drop_table("mentions")
