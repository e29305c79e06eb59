"""The migrations make the schema that the models describe, on each database."""

import logging
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from csts.kit.db import Base
from csts.migrations import schema
from tests.support.database import Databases, engine_for

ASKED_FOR = {
    "users",
    "agents",
    "user_refresh_tokens",
    "agent_refresh_tokens",
    "tickets",
    "messages",
    "attachments",
    "ticket_events",
    "read_marks",
    "articles",
    "article_revisions",
    "knowledge_rules",
    "rule_revisions",
    "knowledge_state",
    "canned_replies",
    "canned_revisions",
    "drafts",
    "preferences",
    "ratings",
    "search_pieces",
    "search_state",
    "tags",
    "ticket_tags",
    "saved_views",
    "mentions",
    "account_links",
}


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_described})
    return list(compare_metadata(context, Base.metadata))


def is_described(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """All but SQLite's own index of words, with the tables that it keeps itself in."""
    return not (kind == "table" and (name or "").startswith("search_index")) and name != "ft_search_pieces_terms"


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    engine = engine_for(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_tables_of_the_design_are_there(database_url: str) -> None:
    engine = engine_for(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(tables) >= ASKED_FOR
    await engine.dispose()


async def test_an_operator_reads_no_warning_of_what_is_as_it_should_be(
    databases: Databases, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = await databases.bare(tmp_path)
    caplog.clear()
    await schema.upgrade(url)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    await schema.upgrade(database_url)
    assert await schema.is_current(database_url)
