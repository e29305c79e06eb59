"""Rules get what articles have: a version, who changed them, and a revision for each change."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from csts.kit import clock
from csts.kit.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INNODB: dict[str, Any] = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}
COPIED = "version, position, name, phrases, reply, action, whole, enabled, deleted"


def upgrade() -> None:
    _extend_rules()
    _create_revisions()
    # What each rule says today is its first revision.
    op.execute(
        f"INSERT INTO rule_revisions (rule_id, at, {COPIED}) "  # noqa: S608 - names of columns
        f"SELECT id, updated_at, {COPIED} FROM knowledge_rules"
    )


def downgrade() -> None:
    op.drop_table("rule_revisions")
    op.execute("DELETE FROM knowledge_rules WHERE deleted = 1")
    with op.batch_alter_table("knowledge_rules") as rules:
        rules.drop_constraint("fk_knowledge_rules_editor_id", "foreignkey")
        for column in ("deleted", "version", "updated_at", "editor_id", "editor_name"):
            rules.drop_column(column)


def _extend_rules() -> None:
    now = clock.now()
    with op.batch_alter_table("knowledge_rules") as rules:
        rules.add_column(sa.Column("deleted", sa.Boolean(), nullable=False, server_default=sa.false()))
        rules.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        rules.add_column(sa.Column("updated_at", UtcDateTime(), nullable=True))
        rules.add_column(sa.Column("editor_id", sa.Integer(), nullable=True))
        rules.add_column(sa.Column("editor_name", sa.String(100), nullable=True))
        rules.create_foreign_key("fk_knowledge_rules_editor_id", "agents", ["editor_id"], ["id"])
    table = sa.table("knowledge_rules", sa.column("updated_at", UtcDateTime()))
    op.execute(table.update().values(updated_at=now))
    with op.batch_alter_table("knowledge_rules") as rules:
        rules.alter_column("updated_at", existing_type=UtcDateTime(), nullable=False)


def _create_revisions() -> None:
    op.create_table(
        "rule_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("editor_name", sa.String(100), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["knowledge_rules.id"], name="fk_rule_revisions_rule_id"),
        sa.ForeignKeyConstraint(["editor_id"], ["agents.id"], name="fk_rule_revisions_editor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_revisions"),
        sa.UniqueConstraint("rule_id", "version", name="uq_rule_revisions_rule_id_version"),
        **INNODB,
    )
