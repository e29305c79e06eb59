"""Of a task that was given up: after how many attempts, and when it was over."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("tries", sa.Integer(), nullable=True))
    op.add_column("tasks", sa.Column("failed_at", UtcDateTime(), nullable=True))
    # Nobody has written down when; they are kept no longer than if it had been at once.
    op.execute("UPDATE tasks SET failed_at = created_at WHERE state = 'failed'")


def downgrade() -> None:
    with op.batch_alter_table("tasks") as tasks:
        tasks.drop_column("tries")
        tasks.drop_column("failed_at")
