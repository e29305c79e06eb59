"""Customers and tickets can be erased."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("users", "tickets")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("erased_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for table in reversed(TABLES):
        with op.batch_alter_table(table) as changed:
            changed.drop_column("erased_at")
