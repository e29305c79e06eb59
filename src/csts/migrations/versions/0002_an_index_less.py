"""Messages without an index that every one of them paid for: unread ones are found by `seq`, and they are few."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_messages_ticket_id_sender_seq", "messages")


def downgrade() -> None:
    op.create_index("ix_messages_ticket_id_sender_seq", "messages", ["ticket_id", "sender", "seq"])
