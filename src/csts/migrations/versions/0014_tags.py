"""Tags: words by which agents find tickets again, and a copy of them on each ticket for the lists."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import exact_string

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lookup", exact_string(120), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("lookup", name="uq_tags_lookup"),
        **INNODB,
    )
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_tags_ticket_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_ticket_tags_tag_id"),
        sa.PrimaryKeyConstraint("ticket_id", "tag_id", name="pk_ticket_tags"),
        **INNODB,
    )
    op.create_index("ix_ticket_tags_tag_id", "ticket_tags", ["tag_id", "ticket_id"])
    # With a default both databases add it without a look at the rows that there are.
    op.add_column("tickets", sa.Column("tags", sa.String(1000), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("tickets", "tags")
    op.drop_table("ticket_tags")
    op.drop_table("tags")
