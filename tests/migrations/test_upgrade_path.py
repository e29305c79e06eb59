"""A desk of any earlier schema that has rows in every table comes up to this release, and they are what they were."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Connection, DateTime, Float, Integer, LargeBinary, inspect

from csts.backup.restoring import restore
from csts.backup.saving import save
from csts.kit.loading import loading
from csts.kit.snapshots import Row, Value, snapshot
from csts.migrations import schema
from tests.backup.places import place_at
from tests.support.database import elsewhere, engine_for, sqlite_url

# From that of release 0.1.0 on, one in four, and the last: to make all these tables takes its time.
*_BEFORE, _LAST = schema.revisions()[:-1]
EARLIER = [*_BEFORE[1::4], _LAST]
ROWS = 3
# What a migration may look at has to be a word of ours.
WORDS: dict[str, Value] = {"status": "open", "priority": "high", "role": "agent", "sender": "customer", "active": 1}
VALUES: dict[type, Callable[[int], Value]] = {
    Boolean: lambda number: number % 2,
    Integer: lambda number: number,
    Float: lambda number: number / 4,
    LargeBinary: lambda number: bytes([0, number, 255]),
    DateTime: lambda number: f"2026-01-02 03:04:05.00000{number}",
    JSON: lambda _number: "{}",
}
# Search begins anew where its index did not exist, and these say how far it has come.
OWN = {"alembic_version", "search_state", "knowledge_state"}


def invented(connection: Connection) -> dict[str, tuple[list[str], list[Row]]]:
    """Rows for each table, as its columns are; those that refer to others find them."""
    inspector = inspect(connection)
    found = {}
    for table in inspector.get_table_names():
        if table not in OWN and not table.startswith("search_"):
            columns = inspector.get_columns(table)
            rows = [
                tuple(value_of(column["name"], column["type"], number) for column in columns)
                for number in range(1, ROWS + 1)
            ]
            found[table] = ([column["name"] for column in columns], rows)
    return found


def value_of(name: str, kind: object, number: int) -> Value:
    if name in WORDS:
        return WORDS[name]
    for known, made in VALUES.items():
        if isinstance(kind, known):
            return made(number)
    return f"{number}{name}"[: getattr(kind, "length", None) or 40]


async def filled(url: str, revision: str) -> None:
    await schema.upgrade(url, revision)
    engine = engine_for(url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(invented)
    await engine.dispose()
    async with loading(url) as loader:
        await loader.clear(tables)
        for table, (columns, rows) in tables.items():
            await loader.put(table, columns, rows)


async def told(url: str, columns_of: dict[str, list[str]]) -> dict[str, list[Row]]:
    """The rows of these columns, in order."""
    found = {}
    async with snapshot(url) as moment:
        there = await moment.tables()
        for table, columns in columns_of.items():
            kept = [name for name in columns if name in there.get(table, ())]
            if kept:
                found[table] = sorted([row async for rows in moment.rows(table, kept) for row in rows], key=repr)
    return found


async def columns_in_both(old: str, new: str) -> dict[str, list[str]]:
    async with snapshot(old) as before, snapshot(new) as after:
        there, here = await before.tables(), await after.tables()
    return {
        table: [name for name in columns if name in here[table]]
        for table, columns in there.items()
        if table in here and table not in OWN
    }


@pytest.mark.parametrize("revision", EARLIER)
async def test_rows_of_an_earlier_schema_come_up_to_this_one(database_url: str, tmp_path: Path, revision: str) -> None:
    """By a restore into the database under test; on SQLite in place as well."""
    old, same = sqlite_url(tmp_path / "old.db"), sqlite_url(tmp_path / "same.db")
    for url in (old, same):
        await filled(url, revision)
    source = place_at(old, tmp_path / "old")
    place = place_at(await elsewhere(database_url, tmp_path), tmp_path / "elsewhere")

    await save(old, source.storage, None, tmp_path / "old.tar")
    await restore(tmp_path / "old.tar", place, force=False)
    await schema.upgrade(same)

    for url in (place.url, same):
        assert await schema.is_current(url)
        columns = await columns_in_both(old, url)
        assert await told(url, columns) == await told(old, columns)
        assert {len(rows) for table, rows in (await told(url, columns)).items() if table != "search_pieces"} == {ROWS}
        # What a customer saw change last is what he goes on to see.
        moments = (await told(url, {"tickets": ["updated_at", "public_updated_at"]}))["tickets"]
        assert [row for row in moments if row[0] != row[1]] == []
