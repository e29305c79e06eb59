"""The audit log: who did what beside tickets."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who_kind", exact_string(20), nullable=False),
        sa.Column("who_id", sa.Integer(), nullable=True),
        sa.Column("who_name", sa.String(100), nullable=False),
        sa.Column("address", exact_string(64), nullable=True),
        sa.Column("act", exact_string(40), nullable=False),
        sa.Column("about_kind", exact_string(20), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("about_name", sa.String(200), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_audit_entries_at", "audit_entries", ["at"])
    op.create_index("ix_audit_entries_who", "audit_entries", ["who_kind", "who_id", "id"])
    op.create_index("ix_audit_entries_act", "audit_entries", ["act", "id"])


def downgrade() -> None:
    op.drop_table("audit_entries")
