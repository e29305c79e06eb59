"""The first schema: accounts, sessions, tickets with their history, messages, files, read marks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime, exact_string

revision = "0001"
down_revision = None

# Said at each table: a server whose default is latin1 would refuse the first emoji.
INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    _create_agents()
    _create_users()
    _create_refresh_tokens("agent")
    _create_refresh_tokens("user")
    _create_tickets()
    _create_messages()
    _create_read_marks()
    _create_ticket_events()
    _create_attachments()


def downgrade() -> None:
    for table in (
        "attachments",
        "ticket_events",
        "read_marks",
        "messages",
        "user_refresh_tokens",
        "tickets",
        "agent_refresh_tokens",
        "users",
        "agents",
    ):
        op.drop_table(table)


def _create_agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", exact_string(64), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
        sa.UniqueConstraint("username", name="uq_agents_username"),
        **INNODB,
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("email", exact_string(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        **INNODB,
    )


def _create_refresh_tokens(owner: str) -> None:
    table = f"{owner}_refresh_tokens"
    op.create_table(
        table,
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", exact_string(64), nullable=False),
        sa.Column("family", exact_string(36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}s.id"], name=f"fk_{table}_{owner}_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("token", name=f"uq_{table}_token"),
        **INNODB,
    )
    op.create_index(f"ix_{table}_family", table, ["family"])
    op.create_index(f"ix_{table}_{owner}_id", table, [f"{owner}_id"])


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_no", exact_string(40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issue_type", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("callback_number", sa.String(20), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("priority", sa.String(20), nullable=False),
        sa.Column("priority_rank", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_public_seq", sa.Integer(), nullable=False),
        sa.Column("customer_messages", sa.Integer(), nullable=False),
        sa.Column("staff_messages", sa.Integer(), nullable=False),
        sa.Column("awaiting_since", UtcDateTime(), nullable=True),
        sa.Column("last_message_preview", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_tickets_agent_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tickets_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("ticket_no", name="uq_tickets_ticket_no"),
        **INNODB,
    )
    op.create_index("ix_tickets_agent_id_status", "tickets", ["agent_id", "status", "created_at", "id"])
    op.create_index("ix_tickets_awaiting_since", "tickets", ["awaiting_since", "id"])
    op.create_index("ix_tickets_created_at", "tickets", ["created_at", "id"])
    op.create_index("ix_tickets_priority_rank", "tickets", ["priority_rank", "id"])
    op.create_index("ix_tickets_status_created_at", "tickets", ["status", "created_at", "id"])
    op.create_index("ix_tickets_status_priority_rank", "tickets", ["status", "priority_rank", "id"])
    op.create_index("ix_tickets_status_updated_at", "tickets", ["status", "updated_at", "id"])
    op.create_index("ix_tickets_updated_at", "tickets", ["updated_at", "id"])
    op.create_index("ix_tickets_user_id_created_at", "tickets", ["user_id", "created_at", "id"])
    op.create_index("ix_tickets_user_id_updated_at", "tickets", ["user_id", "updated_at", "id"])


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("ticket_no", exact_string(40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("public_seq", sa.Integer(), nullable=True),
        sa.Column("sender", exact_string(20), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("sender_name", sa.String(100), nullable=False),
        sa.Column("client_id", exact_string(36), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("timestamp", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_messages_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("ticket_id", "public_seq", name="uq_messages_ticket_id_public_seq"),
        sa.UniqueConstraint(
            "ticket_id", "sender", "sender_id", "client_id", name="uq_messages_ticket_id_sender_sender_id_client_id"
        ),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_messages_ticket_id_seq"),
        **INNODB,
    )
    op.create_index("ix_messages_ticket_id_sender_seq", "messages", ["ticket_id", "sender", "seq"])


def _create_read_marks() -> None:
    op.create_table(
        "read_marks",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reader_kind", exact_string(20), nullable=False),
        sa.Column("reader_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reader_name", sa.String(100), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("public_seq", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_read_marks_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "reader_kind", "reader_id", name="pk_read_marks"),
        **INNODB,
    )


def _create_ticket_events() -> None:
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("actor_kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("actor_name", sa.String(100), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_ticket_events_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_events"),
        **INNODB,
    )
    op.create_index("ix_ticket_events_ticket_id", "ticket_events", ["ticket_id"])


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("file_path", sa.String(80), nullable=False),
        sa.Column("file_type", sa.String(40), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("uploader_kind", sa.String(20), nullable=False),
        sa.Column("uploader_id", sa.Integer(), nullable=False),
        sa.Column("screenshot", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_attachments_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_attachments_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        **INNODB,
    )
    op.create_index("ix_attachments_file_path", "attachments", ["file_path"])
    op.create_index("ix_attachments_message_id", "attachments", ["message_id"])
    op.create_index("ix_attachments_ticket_id", "attachments", ["ticket_id"])
