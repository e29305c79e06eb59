"""Copies of customers' data that are being made, so that of each there is one at a time over all processes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "running_exports",
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lease", exact_string(36), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["users.id"], name="fk_running_exports_customer_id"),
        sa.PrimaryKeyConstraint("customer_id", name="pk_running_exports"),
        **INNODB,
    )


def downgrade() -> None:
    op.drop_table("running_exports")
