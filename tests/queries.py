"""Counts the statements that a piece of code sends, for every list must cost the same at any length."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET ", "SELECT 1")


@contextmanager
def count_queries(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements sent to this database while the block runs, without those that only frame a transaction."""
    sent: list[str] = []

    def note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        is_here = connection.engine.url.database == engine.url.database
        if is_here and not statement.lstrip().upper().startswith(_FRAME):
            sent.append(statement)

    # Of any engine, for lookups have one of their own.
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
