"""Search: what has been written as tokens, piece by piece, with the full-text index of each database."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import MEDIUMTEXT

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "search_pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column(
            "terms",
            sa.Text().with_variant(MEDIUMTEXT(charset="ascii", collation="ascii_bin"), "mysql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_pieces"),
        **INNODB,
    )
    op.create_index("ix_search_pieces_ticket_id", "search_pieces", ["ticket_id"])
    if op.get_context().dialect.name == "sqlite":
        # No text of its own, and no places of words: what follows upon what is seen in the pieces.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(terms, content='', detail=none, tokenize=\"ascii tokenchars '_'\")"
        )
    else:
        op.create_index("ft_search_pieces_terms", "search_pieces", ["terms"], mysql_prefix="FULLTEXT")
    op.bulk_insert(_create_state(), [{"id": 1, "tickets": 0, "messages": 0, "pieces": 0, "missing": {}}])


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_pieces")
    op.drop_table("search_state")


def _create_state() -> sa.Table:
    return op.create_table(
        "search_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_state"),
        **INNODB,
    )
