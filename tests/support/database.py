"""A migrated, empty database for each test, without paying for the migration each time."""

import asyncio
import shutil
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from csts.migrations import schema

MARIADB_URL = "CSTS_TEST_MARIADB_URL"

FirstRows = dict[str, list[dict[str, Any]]]


class Databases(Protocol):
    """Hands out the URL of an empty, migrated database, one at a time; a `bare` one nobody has migrated yet."""

    async def fresh(self, folder: Path) -> str: ...

    async def bare(self, folder: Path) -> str: ...


class SqliteFiles:
    """Migrates one file, and copies it for each test."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        asyncio.run(schema.upgrade(sqlite_url(self._template)))

    async def fresh(self, folder: Path) -> str:
        file = folder / "csts.db"
        shutil.copyfile(self._template, file)
        return sqlite_url(file)

    async def bare(self, folder: Path) -> str:
        return sqlite_url(folder / "bare" / "csts.db")


class MariaDbSchema:
    """Migrates one schema per test process; for each test it is again as the migrations left it."""

    def __init__(self, server: str, process: str) -> None:
        self._server = server
        self._name = name = f"csts_test_{process}"
        self.url = f"{server}/{name}"
        asyncio.run(_recreate(server, name))
        asyncio.run(schema.upgrade(self.url))
        # A desk begins with some rows: its rules, and the state of its knowledge.
        self._tables, self._first = asyncio.run(_rows(self.url))

    async def fresh(self, folder: Path) -> str:
        await _empty(self.url, self._tables, self._first)
        return self.url

    async def bare(self, folder: Path) -> str:
        name = f"{self._name}_bare"
        await _recreate(self._server, name)
        return f"{self._server}/{name}"


def sqlite_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def elsewhere(url: str, folder: Path) -> str:
    """An empty database of the same kind, in which nobody has been."""
    if url.startswith("sqlite"):
        return sqlite_url(folder / "elsewhere" / "csts.db")
    server, _, name = url.rpartition("/")
    await _recreate(server, f"{name}_elsewhere")
    return f"{server}/{name}_elsewhere"


def engine_for(url: str) -> AsyncEngine:
    return create_async_engine(make_url(url), poolclass=NullPool)


async def _recreate(server: str, name: str) -> None:
    engine = engine_for(f"{server}/mysql")
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    await engine.dispose()


async def _rows(url: str) -> tuple[list[str], FirstRows]:
    """The tables, and what the migrations wrote into each, as values that go back unchanged."""
    engine = engine_for(url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(_tables)
        found = {
            name: [dict(row) for row in (await connection.execute(text(f"SELECT * FROM {name}"))).mappings()]  # noqa: S608
            for name in tables
        }
    await engine.dispose()
    return tables, {name: rows for name, rows in found.items() if rows}


async def _empty(url: str, tables: list[str], first: FirstRows) -> None:
    engine = engine_for(url)
    # A test fills a few of them: to ask which is one statement, to empty all would be fifty.
    filled = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables)  # noqa: S608
    async with engine.begin() as connection:
        await connection.execute(text("SET foreign_key_checks = 0"))
        for table in (await connection.scalars(text(filled))).all():
            # DELETE, for a TRUNCATE makes the file anew: ten times as slow on an empty table.
            await connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - the table names are ours
        for table, rows in first.items():
            columns = ", ".join(rows[0])
            values = ", ".join(f":{name}" for name in rows[0])
            await connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), rows)  # noqa: S608
    await engine.dispose()


def _tables(connection: Connection) -> list[str]:
    return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
