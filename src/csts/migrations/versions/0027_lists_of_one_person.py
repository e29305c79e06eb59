"""The tickets of an agent in each order that a list has, and all that narrows those of a customer beside them."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_AGENTS = ("agent_id", "status")
_BY_CHANGE = "ix_tickets_agent_id_status_updated_at"
_OWN = ("user_id", "created_at", "id")


def upgrade() -> None:
    op.create_index(
        "ix_tickets_agent_id_status_created_at",
        "tickets",
        [*_AGENTS, "created_at", "id", "priority_rank", "issue_type"],
    )
    op.create_index(
        "ix_tickets_agent_id_status_priority_rank", "tickets", [*_AGENTS, "priority_rank", "id", "issue_type"]
    )
    # Nothing is sorted in it any more, so it has no need of the other keys.
    op.drop_index(_BY_CHANGE, "tickets")
    op.create_index(_BY_CHANGE, "tickets", [*_AGENTS, "updated_at", "id", "priority_rank", "issue_type"])
    _replace_own([*_OWN, "status", "agent_id", "issue_type", "priority_rank"])


def downgrade() -> None:
    op.drop_index("ix_tickets_agent_id_status_created_at", "tickets")
    op.drop_index(_BY_CHANGE, "tickets")
    op.create_index(_BY_CHANGE, "tickets", [*_AGENTS, "updated_at", "id", "created_at", "priority_rank", "issue_type"])
    op.drop_index("ix_tickets_agent_id_status_priority_rank", "tickets")
    _replace_own([*_OWN])


def _replace_own(columns: list[str]) -> None:
    # MySQL keeps an index for each foreign key, and lets the last one go only when another is there.
    op.create_index("ix_tickets_user_id", "tickets", ["user_id"])
    op.drop_index("ix_tickets_user_id_created_at", "tickets")
    op.create_index("ix_tickets_user_id_created_at", "tickets", columns)
    op.drop_index("ix_tickets_user_id", "tickets")
