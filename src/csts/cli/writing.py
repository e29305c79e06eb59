"""One transaction for a command, beside servers that may be running."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from csts.cli.terminal import fail, reaching_database, read_settings
from csts.kit.db import Announcement, Database
from csts.migrations import schema


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """Ends the command with a sentence when the database is away or has another schema."""
    url = read_settings().resolved_database_url
    with reaching_database():
        is_current = await schema.is_current(url)
    if not is_current:
        fail("the database does not have the schema of this release. Run: csts migrate")
    database = Database(url, publish=_tell_nobody, reactions={})
    try:
        async with database.write() as session:
            yield session
    finally:
        await database.close()


async def _tell_nobody(_announced: Sequence[Announcement]) -> None:
    """The servers are other processes: they find what has changed with their next look at the database."""
