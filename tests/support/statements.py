"""Each test has a database of its own, and so an engine; a statement that was compiled for one serves them all."""

from collections import UserDict
from collections.abc import Hashable
from typing import cast

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Compiled


class Shared(UserDict[Hashable, Compiled]):
    """By the kind of the database, where an engine would keep what it compiled for itself alone."""

    def __contains__(self, key: object) -> bool:
        return _common(key) in self.data

    def __getitem__(self, key: Hashable) -> Compiled:
        return self.data[_common(key)]

    def __setitem__(self, key: Hashable, compiled: Compiled) -> None:
        self.data[_common(key)] = compiled


def share_statements() -> None:
    """For all engines of this process."""
    shared = Shared()

    def use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=shared)

    event.listen(Engine, "engine_connect", use)


def _common(key: object) -> Hashable:
    """The engine's own key begins with its dialect."""
    dialect, *statement = cast("tuple[Hashable, ...]", key)
    return (type(dialect), *statement)
