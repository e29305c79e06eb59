"""All rows of a database as plain values, as they were at one moment, while others go on writing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, column, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from csts.kit.db import create_engine

# What SQLite stores, which MySQL reads as well: a moment is text here, and JSON is not parsed.
Value = int | float | str | bytes | None
Row = tuple[Value, ...]

_AT_ONCE = 500


class Snapshot:
    """What was committed when it was taken, and nothing that came after."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def tables(self) -> dict[str, list[str]]:
        """The names of the columns of each table, by its name."""
        return await self._connection.run_sync(columns_by_table)

    async def rows(self, name: str, columns: Sequence[str]) -> AsyncIterator[Sequence[Row]]:
        """All of a table, some hundreds at a time, in no order."""
        query: Select[*tuple[Any, ...]] = select(*map(column, columns)).select_from(table(name))
        async with self._connection.stream(query) as result:
            async for rows in result.partitions(_AT_ONCE):
                yield [tuple(map(_plain, row)) for row in rows]

    async def values(self, name: str, of: str) -> AsyncIterator[Value]:
        """Each value that there is in a column, once."""
        query: Select[tuple[Any]] = select(column(of)).select_from(table(name)).distinct()
        async with self._connection.stream(query) as result:
            async for (value,) in result:
                yield _plain(value)


@asynccontextmanager
async def snapshot(url: str) -> AsyncIterator[Snapshot]:
    """What is read in the block is of one moment: that of its beginning."""
    engine = create_engine(url)
    try:
        async with engine.connect() as plain:
            connection = plain
            if engine.dialect.name == "sqlite":
                # A transaction of SQLite's begins with what it reads first.
                await connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            else:
                connection = await plain.execution_options(isolation_level="REPEATABLE READ")
                await connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
            yield Snapshot(connection)
    finally:
        await engine.dispose()


def columns_by_table(connection: Connection) -> dict[str, list[str]]:
    """The names of the columns of each table; not of SQLite's virtual ones, which keep themselves in tables."""
    inspector = inspect(connection)
    virtual = _virtual(connection) if connection.dialect.name == "sqlite" else ()
    names = [name for name in sorted(inspector.get_table_names()) if not name.startswith(tuple(virtual))]
    return {name: [each["name"] for each in inspector.get_columns(name)] for name in names}


def _virtual(connection: Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
    return [str(name) for (name,) in found]


def _plain(value: Any) -> Value:
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value
