"""Which tickets the assistant may speak in, what it said and why, and the models that it has learnt."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import LONGBLOB

from csts.kit.columns import UtcDateTime, exact_string

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# As in 0001: a server whose default is latin1 would refuse the first emoji.
INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    # Tickets from before are people's.
    op.add_column("tickets", sa.Column("assisted", sa.Boolean(), nullable=False, server_default=sa.false()))
    _create_replies()
    _create_talks()
    _create_models()


def downgrade() -> None:
    for table in ("learnt_parts", "learnt_models", "assistant_talks", "assistant_replies"):
        op.drop_table(table)
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("assisted")


def _create_replies() -> None:
    op.create_table(
        "assistant_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("topic", exact_string(80)),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(10)),
        sa.Column("verdict_by", sa.Integer()),
        sa.Column("verdict_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assistant_replies"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_assistant_replies_ticket_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_assistant_replies_message_id"),
        sa.ForeignKeyConstraint(["verdict_by"], ["agents.id"], name="fk_assistant_replies_verdict_by"),
        sa.UniqueConstraint("message_id", name="uq_assistant_replies_message_id"),
        **INNODB,
    )
    for column in ("ticket_id", "verdict", "created_at"):
        op.create_index(f"ix_assistant_replies_{column}", "assistant_replies", [column])


def _create_talks() -> None:
    op.create_table(
        "assistant_talks",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answered_seq", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_assistant_talks"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_assistant_talks_ticket_id"),
        **INNODB,
    )
    op.create_index("ix_assistant_talks_created_at", "assistant_talks", ["created_at"])


def _create_models() -> None:
    op.create_table(
        "learnt_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", exact_string(40), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("quick", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learnt_models"),
        **INNODB,
    )
    op.create_index("ix_learnt_models_state", "learnt_models", ["state"])
    op.create_table(
        "learnt_parts",
        sa.Column("model_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary().with_variant(LONGBLOB, "mysql"), nullable=False),
        sa.PrimaryKeyConstraint("model_id", "place", name="pk_learnt_parts"),
        sa.ForeignKeyConstraint(["model_id"], ["learnt_models.id"], name="fk_learnt_parts_model_id"),
        **INNODB,
    )
