"""Of each session: when it began, in which browser, and from which address it was last used."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("user_refresh_tokens", "agent_refresh_tokens")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("begun_at", UtcDateTime(), nullable=False, server_default="1970-01-01 00:00:00"))
        op.add_column(table, sa.Column("user_agent", sa.String(300), nullable=False, server_default=""))
        op.add_column(table, sa.Column("address", sa.String(45), nullable=False, server_default=""))
        # Nobody has written down when; sessions that are there already began with the oldest token that is kept.
        op.execute(
            f"UPDATE {table} SET begun_at = (SELECT began FROM "  # noqa: S608 - two names of our own
            f"(SELECT family, MIN(created_at) AS began FROM {table} GROUP BY family) AS first "
            f"WHERE first.family = {table}.family)"
        )


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as tokens:
            for column in ("begun_at", "user_agent", "address"):
                tokens.drop_column(column)
