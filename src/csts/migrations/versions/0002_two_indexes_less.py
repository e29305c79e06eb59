"""Two indexes less, which every message paid for: the unread ones and the tickets of one customer are few."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_messages_ticket_id_sender_seq", "messages")
    op.drop_index("ix_tickets_user_id_updated_at", "tickets")


def downgrade() -> None:
    op.create_index("ix_messages_ticket_id_sender_seq", "messages", ["ticket_id", "sender", "seq"])
    op.create_index("ix_tickets_user_id_updated_at", "tickets", ["user_id", "updated_at", "id"])
