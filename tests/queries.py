"""Counts the statements that a piece of code sends, for every list must cost the same at any length."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SET ", "SELECT 1")


# Set in the context of whoever counts, and so in that of all which he calls and starts.
_counted: ContextVar[list[str] | None] = ContextVar("counted", default=None)


@contextmanager
def count_queries(engine: AsyncEngine, *, by_all: bool = False) -> Iterator[list[str]]:
    """The statements sent to this database by what the block does, without those that only frame a transaction.

    With `by_all` those of all that goes on meanwhile, such as the other end of a socket.
    """
    sent: list[str] = []

    def note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        is_here = connection.engine.url.database == engine.url.database
        # Work of the app that was under way before counts for nobody. Threads have no context: what they do is asked.
        is_ours = by_all or _counted.get() is sent or threading.current_thread() is not threading.main_thread()
        if is_here and is_ours and not statement.lstrip().upper().startswith(_FRAME):
            sent.append(statement)

    token = _counted.set(sent)
    # Of any engine, for lookups have one of their own.
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        _counted.reset(token)
