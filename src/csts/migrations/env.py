"""Alembic's entry: runs inside the connection that it is handed."""

from alembic import context

# The tables of every room, for --autogenerate.
import csts.agents.models
import csts.assistant.models
import csts.attachments.models
import csts.audit.models
import csts.auth.models
import csts.canned.models
import csts.chat.models
import csts.customers.models
import csts.drafts.models
import csts.factors.models
import csts.kit.tasks
import csts.knowledge.models
import csts.preferences.models
import csts.push.models
import csts.ratings.models
import csts.search.models
import csts.tickets.models  # noqa: F401
from csts.kit.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can alter little of a table: a batch makes it anew and copies the rows.
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
