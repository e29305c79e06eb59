"""The one source of time, so that every stored moment is aware and in UTC."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

# Of the task, not of the module: a story that is told sets the clock for nobody else.
_set_to: ContextVar[datetime | None] = ContextVar("csts_clock", default=None)


def now() -> datetime:
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside the block it is this moment: for demo data that tells of last week, and for tests."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
