"""Tags and mentions in each order that a list has: what it narrows and sorts by, beside what leads to a ticket."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_LISTED = ("status", "issue_type", "priority_rank", "created_at", "updated_at")
_KEYS = {
    "ticket_tags": ("tag_id", ("created_at", "updated_at", "priority_rank")),
    "mentions": ("agent_id", ("mentioned_at", "created_at", "updated_at", "priority_rank")),
}
_BEFORE = {
    "ticket_tags": ("ix_ticket_tags_tag_id", ["tag_id", "ticket_id"]),
    "mentions": ("ix_mentions_agent_id_mentioned_at", ["agent_id", "mentioned_at", "ticket_id"]),
}


def upgrade() -> None:
    op.add_column("tickets", sa.Column("has_mentions", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE tickets SET has_mentions = (SELECT count(*) FROM mentions WHERE ticket_id = tickets.id) > 0")
    for table, (owner, keys) in _KEYS.items():
        for column in _columns():
            op.add_column(table, column)
        kept = sa.table(table, sa.column("ticket_id"), *map(sa.column, _LISTED))
        op.execute(kept.update().values({name: _now(name, kept.c.ticket_id) for name in _LISTED}))
        for key in keys:
            fits = [name for name in ("priority_rank", "issue_type") if name != key]
            op.create_index(f"ix_{table}_{owner}_status_{key}", table, [owner, "status", key, "ticket_id", *fits])
        op.drop_index(_BEFORE[table][0], table)


def _now(name: str, ticket_id: sa.ColumnElement[int]) -> sa.ScalarSelect[object]:
    tickets = sa.table("tickets", sa.column("id"), sa.column(name))
    return sa.select(tickets.c[name]).where(tickets.c.id == ticket_id).scalar_subquery()


def downgrade() -> None:
    for table, (owner, keys) in _KEYS.items():
        op.create_index(_BEFORE[table][0], table, _BEFORE[table][1])
        for key in keys:
            op.drop_index(f"ix_{table}_{owner}_status_{key}", table)
        with op.batch_alter_table(table) as changed:
            for name in _LISTED:
                changed.drop_column(name)
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("has_mentions")


def _columns() -> list[sa.Column[object]]:
    at_first = sa.text("'1970-01-01 00:00:00'")
    return [
        sa.Column("status", sa.String(20), nullable=False, server_default=""),
        sa.Column("issue_type", sa.String(60), nullable=False, server_default=""),
        sa.Column("priority_rank", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", UtcDateTime(), nullable=False, server_default=at_first),
        sa.Column("updated_at", UtcDateTime(), nullable=False, server_default=at_first),
    ]
