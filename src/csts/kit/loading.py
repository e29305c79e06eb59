"""Filling a database with the rows of another one; what nobody may be using meanwhile."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from sqlalchemy import Connection, column, delete, event, insert, inspect, literal, select, table
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from csts.kit.db import create_engine
from csts.kit.snapshots import Row, columns_by_table

_UNCHECKED = {"sqlite": "PRAGMA foreign_keys = OFF", "mysql": "SET foreign_key_checks = 0"}
_OTHERS = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
_LOOKS, _PAUSE_SECONDS = 5, 0.2


class InUse(Exception):
    """Somebody else has the database open."""


class Loader:
    """Writes rows as they are: which of them refer to which is not looked at, so that their order is no matter."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def tables(self) -> list[str]:
        async with self._engine.connect() as connection:
            return list(await connection.run_sync(columns_by_table))

    async def drop_all(self) -> None:
        """Every table of the database, whosesoever it is."""
        async with self._engine.begin() as connection:
            await connection.run_sync(_drop_all)

    async def clear(self, names: Iterable[str]) -> None:
        """Take all rows out of these tables."""
        async with self._engine.begin() as connection:
            for name in names:
                await connection.execute(delete(table(name)))

    async def put(self, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """All of them in one transaction."""
        query = insert(table(name, *map(column, columns)))
        async with self._engine.begin() as connection:
            await connection.execute(query, [dict(zip(columns, row, strict=True)) for row in rows])

    async def has_rows(self, names: Iterable[str]) -> bool:
        """Whether one of these tables is there and has a row."""
        there = await self.tables()
        async with self._engine.connect() as connection:
            for name in (each for each in names if each in there):
                if await connection.scalar(select(literal(1)).select_from(table(name)).limit(1)):
                    return True
        return False

    async def refuse_others(self) -> None:
        """Raises InUse when somebody else has a connection to this database of MySQL's."""
        async with self._engine.connect() as connection:
            for _ in range(_LOOKS):
                if not (await connection.exec_driver_sql(_OTHERS)).scalar():
                    return
                # Who has just hung up is listed for a moment yet.
                await asyncio.sleep(_PAUSE_SECONDS)
        raise InUse


@asynccontextmanager
async def loading(url: str) -> AsyncIterator[Loader]:
    engine = create_engine(url)

    def uncheck(connection: DBAPIConnection, _record: object) -> None:
        # Here, for inside of a transaction SQLite would not hear it.
        cursor = connection.cursor()
        cursor.execute(_UNCHECKED[engine.dialect.name])
        cursor.close()

    event.listen(engine.sync_engine, "connect", uncheck)
    try:
        yield Loader(engine)
    finally:
        await engine.dispose()


def fold_log(file: Path) -> None:
    """Put what the log of a SQLite database holds into its file. Raises InUse when somebody else has it open."""
    try:
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            # To do without a log takes the file for oneself.
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise InUse from error


def _drop_all(connection: Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote
    for name in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"DROP TABLE {quote(name)}")
