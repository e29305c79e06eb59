"""Counts the statements that a piece of code sends, for every list must cost the same at any length."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET ", "SELECT 1")


@contextmanager
def count_queries(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements sent while the block runs, without those that only frame a transaction."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(_FRAME):
            sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
