"""Indexes by which a page of a list costs the same among a million tickets as among a hundred."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_FILTERED = ("id", "agent_id", "user_id", "issue_type")
_NEW = {
    "ix_tickets_status_created_at": ["status", "created_at", *_FILTERED, "priority_rank"],
    "ix_tickets_status_updated_at": ["status", "updated_at", *_FILTERED, "priority_rank"],
    "ix_tickets_status_priority_rank": ["status", "priority_rank", *_FILTERED],
    "ix_tickets_agent_id_status_updated_at": [
        *("agent_id", "status", "updated_at", "id", "created_at", "priority_rank", "issue_type")
    ],
    "ix_tickets_issue_type": ["issue_type", "id"],
}
_OLD = {
    "ix_tickets_created_at": ["created_at", "id"],
    "ix_tickets_updated_at": ["updated_at", "id"],
    "ix_tickets_priority_rank": ["priority_rank", "id"],
    "ix_tickets_status_created_at": ["status", "created_at", "id"],
    "ix_tickets_status_updated_at": ["status", "updated_at", "id"],
    "ix_tickets_status_priority_rank": ["status", "priority_rank", "id"],
    "ix_tickets_agent_id_status": ["agent_id", "status", "created_at", "id"],
}


def upgrade() -> None:
    _replace(_OLD, _NEW)


def downgrade() -> None:
    _replace(_NEW, _OLD)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    # New ones first: MySQL keeps an index for each foreign key, and lets the last one go only when another is there.
    for name, columns in new.items():
        if name not in old:
            op.create_index(name, "tickets", columns)
    for name in old:
        op.drop_index(name, "tickets")
    for name, columns in new.items():
        if name in old:
            op.create_index(name, "tickets", columns)
