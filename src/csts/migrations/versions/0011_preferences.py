"""Preferences: what each person has chosen for himself."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import VARCHAR

from csts.kit.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    exact = VARCHAR(20, charset="utf8mb4", collation="utf8mb4_bin")
    op.create_table(
        "preferences",
        sa.Column("person_kind", sa.String(20).with_variant(exact, "mysql"), nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_kind", "person_id", name="pk_preferences"),
        **INNODB,
    )


def downgrade() -> None:
    op.drop_table("preferences")
