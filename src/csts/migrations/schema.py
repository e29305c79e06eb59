"""Brings a database to the schema of this release, or says how far it is from it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from csts.kit.db import create_engine

_SCRIPTS = Path(__file__).parent


class StrangeSchema(LookupError):
    """The tables of this database are not those of this release or an older one; the sentence says why."""


async def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing up to this revision, oldest first. Creates the folder of a SQLite file.

    Raises StrangeSchema before anything is changed.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        async with engine.connect() as connection:
            with _calm():
                await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


async def is_current(url: str) -> bool:
    """Whether the database has the schema of this release. Raises StrangeSchema."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_version) == ScriptDirectory(str(_SCRIPTS)).get_current_head()
    finally:
        await engine.dispose()


def revisions() -> list[str]:
    """Every schema that this release knows, oldest first."""
    return [script.revision for script in ScriptDirectory(str(_SCRIPTS)).walk_revisions()][::-1]


def _upgrade(connection: Connection, revision: str) -> None:
    _version(connection)
    # Alembic commits in a transaction of its own alone.
    connection.rollback()
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    # Handed over, because one that Alembic opened would have neither our pragmas nor our time zone.
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def _calm() -> Iterator[None]:
    """MySQL calls each primary key PRIMARY, and its driver warns of every one that has a name on other databases."""
    driver = logging.getLogger("asyncmy")
    driver.addFilter(_is_news)
    try:
        yield
    finally:
        driver.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().endswith("ignored for PRIMARY key.")


def _version(connection: Connection) -> str | None:
    version = MigrationContext.configure(connection).get_current_revision()
    if version and version not in revisions():
        raise StrangeSchema(
            f"the database has schema {version}, which this release does not know: a later one has made it. "
            "Install that release, or restore a backup that is older"
        )
    if not version and inspect(connection).has_table("tickets"):
        raise StrangeSchema(
            "the database has tables, but does not say of which release: a restore was broken off in it. "
            "Repeat that, with --force"
        )
    return version
