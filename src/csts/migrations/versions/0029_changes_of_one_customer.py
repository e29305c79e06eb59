"""When the tickets of a customer have changed last, beside what leads to them."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEX = "ix_tickets_user_id_created_at"
_BEFORE = ["user_id", "created_at", "id", "status", "agent_id", "issue_type", "priority_rank"]


def upgrade() -> None:
    _replace([*_BEFORE, "updated_at", "public_updated_at"])


def downgrade() -> None:
    _replace(_BEFORE)


def _replace(columns: list[str]) -> None:
    # MySQL keeps an index for each foreign key, and lets the last one go only when another is there.
    op.create_index("ix_tickets_user_id", "tickets", ["user_id"])
    op.drop_index(_INDEX, "tickets")
    op.create_index(_INDEX, "tickets", columns)
    op.drop_index("ix_tickets_user_id", "tickets")
