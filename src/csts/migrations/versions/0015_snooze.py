"""Tickets can be snoozed until a time."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("snoozed_until", UtcDateTime(), nullable=True))
    op.create_index("ix_tickets_snoozed_until", "tickets", ["snoozed_until", "id"])


def downgrade() -> None:
    op.drop_index("ix_tickets_snoozed_until", "tickets")
    op.drop_column("tickets", "snoozed_until")
