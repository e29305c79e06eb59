"""Links of one use that letters carry, addresses of agents, and which customers have confirmed theirs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "account_links",
        sa.Column("purpose", exact_string(20), nullable=False),
        sa.Column("person_kind", exact_string(20), nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", exact_string(64), nullable=False),
        sa.Column("proof", exact_string(64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "person_kind", "person_id", name="pk_account_links"),
        sa.UniqueConstraint("token", name="uq_account_links_token"),
        **INNODB,
    )
    op.add_column("users", sa.Column("email_confirmed_at", UtcDateTime(), nullable=True))
    op.add_column("agents", sa.Column("email", exact_string(254), nullable=True))
    op.create_index("ix_agents_email", "agents", ["email"])


def downgrade() -> None:
    op.drop_index("ix_agents_email", "agents")
    with op.batch_alter_table("agents") as agents:
        agents.drop_column("email")
    with op.batch_alter_table("users") as users:
        users.drop_column("email_confirmed_at")
    op.drop_table("account_links")
