"""A database that takes nothing in is told from one that is wrong or away."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from csts.kit.db import create_engine, is_contention, is_unreachable, is_unwritable
from csts.kit.problems import as_domain_error

_READ_ONLY = {"sqlite": "PRAGMA query_only = ON", "mysql": "SET SESSION TRANSACTION READ ONLY"}


async def refusal(url: str, first: str, statement: str) -> DBAPIError:
    """What the database says to this statement."""
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(first)
            await connection.rollback()
            with pytest.raises(DBAPIError) as told:
                await connection.execute(text(statement))
            return told.value
    finally:
        await engine.dispose()


async def test_one_that_may_only_be_read_is_told_as_such(database_url: str) -> None:
    statement = "INSERT INTO tags (id, name) VALUES (1, 'x')"
    error = await refusal(database_url, _READ_ONLY[create_engine(database_url).dialect.name], statement)
    told = as_domain_error(error)
    assert (told.code, told.status) == ("cannot_save", 503)
    assert told.fields["retry_after"] > 0
    assert not is_contention(error)
    assert not is_unreachable(error)


@pytest.mark.once
async def test_a_file_that_may_only_be_read_is_told_as_such(database_url: str, tmp_path: Path) -> None:
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM tags"))
    await engine.dispose()
    url = f"sqlite+aiosqlite:///file:{tmp_path / 'csts.db'}?mode=ro&uri=true"
    assert is_unwritable(await refusal(url, "SELECT 1", "DELETE FROM tags"))


async def test_a_wrong_statement_is_something_else(database_url: str) -> None:
    error = await refusal(database_url, "SELECT 1", "INSERT INTO nowhere VALUES (1)")
    assert not is_unwritable(error)
    assert as_domain_error(error).code == "internal_error"
