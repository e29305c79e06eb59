"""How the database carries out what it is asked: its own EXPLAIN of each statement that was really sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from csts.kit.db import Base

_EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "mysql": "EXPLAIN "}


@dataclass
class Plan:
    """One statement, and the rows of its EXPLAIN: `type`, `key` and `rows` on MySQL, `detail` on SQLite."""

    statement: str
    parameters: Any = field(repr=False)
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def scans(self) -> list[str]:
        """Tables that are read from one end to the other, their indexes included, with no key to begin at."""
        return [name for row in self.rows if (name := _scanned(row)) in Base.metadata.tables]


@asynccontextmanager
async def explained(engine: AsyncEngine) -> AsyncIterator[list[Plan]]:
    """What is asked of this database inside of the block, explained when the block has ended."""
    asked: list[Plan] = []

    def note(connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        is_here = connection.engine.url.database == engine.url.database
        if is_here and statement.lstrip().upper().startswith("SELECT"):
            asked.append(Plan(statement, parameters))

    # Of any engine, for lookups have one of their own.
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    async with engine.connect() as connection:
        for plan in asked:
            words = _EXPLAIN[engine.dialect.name] + plan.statement
            plan.rows = [dict(row) for row in (await connection.exec_driver_sql(words, plan.parameters)).mappings()]


def _scanned(row: dict[str, Any]) -> str:
    if "detail" in row:
        kind, _, rest = str(row["detail"]).partition(" ")
        # Of a virtual table the whole is its index.
        return rest.partition(" ")[0] if kind == "SCAN" and "VIRTUAL TABLE" not in rest else ""
    return str(row["table"]) if row["type"] in {"ALL", "index"} else ""
