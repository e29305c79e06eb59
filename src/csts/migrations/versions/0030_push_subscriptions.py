"""Web Push: browsers that may be called with every page closed."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("digest", exact_string(64), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(100), nullable=False),
        sa.Column("auth", sa.String(30), nullable=False),
        sa.Column("person_kind", exact_string(20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("session", exact_string(36), nullable=False),
        sa.Column("language", exact_string(10), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_push_subscriptions"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_push_subscriptions_person_kind_person_id", "push_subscriptions", ["person_kind", "person_id"])
    op.create_index("ix_push_subscriptions_session", "push_subscriptions", ["session"])


def downgrade() -> None:
    op.drop_table("push_subscriptions")
