"""A ticket can be merged into another one."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LINK = sa.ForeignKey("tickets.id", name="fk_tickets_merged_into_id")


def upgrade() -> None:
    # On SQLite within the column, for a batch would copy every ticket; MySQL reads a reference there and forgets it.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column(
        "tickets", sa.Column("merged_into_id", sa.Integer(), _LINK, nullable=True), inline_references=is_sqlite
    )
    op.create_index("ix_tickets_merged_into_id", "tickets", ["merged_into_id"])


def downgrade() -> None:
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_constraint("fk_tickets_merged_into_id", type_="foreignkey")
        tickets.drop_index("ix_tickets_merged_into_id")
        tickets.drop_column("merged_into_id")
