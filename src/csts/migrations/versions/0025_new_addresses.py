"""Links in letters may hold the address that an account gets by them."""

import sqlalchemy as sa
from alembic import op

from csts.kit.columns import exact_string

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_links", sa.Column("email", exact_string(254), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account_links") as links:
        links.drop_column("email")
