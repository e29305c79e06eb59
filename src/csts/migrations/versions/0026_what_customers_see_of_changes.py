"""When a ticket has changed last in what its customer sees."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at_first = "1970-01-01 00:00:00"
    op.add_column(
        "tickets",
        sa.Column("public_updated_at", UtcDateTime(), nullable=False, server_default=sa.text(f"'{at_first}'")),
    )
    # What has moved it until now is not known any more; from now on only what its customer sees does.
    op.execute("UPDATE tickets SET public_updated_at = updated_at")


def downgrade() -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("public_updated_at")
