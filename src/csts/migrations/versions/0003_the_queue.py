"""The durable queue: a table of what has been asked for and is not yet done."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", exact_string(60), nullable=False),
        sa.Column("merge_key", exact_string(120), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", exact_string(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("lease", exact_string(36), nullable=True),
        sa.Column("again_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(300), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.UniqueConstraint("merge_key", "name", name="uq_tasks_merge_key_name"),
        **INNODB,
    )
    op.create_index("ix_tasks_due_at", "tasks", ["due_at"])


def downgrade() -> None:
    op.drop_table("tasks")
