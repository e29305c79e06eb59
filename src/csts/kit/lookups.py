"""Reads that are asked all day: put together once, and carried out past what a session costs.

For a page of a list SQLAlchemy took several times as long as the database: to put the statement together, to find it
among those that it knows, to make rows of what came, and to begin and end a transaction for one statement.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar, cast

import msgspec
from msgspec.json import Decoder
from sqlalchemy import (
    BindParameter,
    Connection,
    Dialect,
    Engine,
    Integer,
    Select,
    String,
    bindparam,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import greenlet_spawn

from csts.kit.columns import UtcDateTime

R = TypeVar("R")

Wanted = Select[*tuple[Any, ...]]
Values = Mapping[str, Any]

# Of each lookup there are as many statements as there are ways to narrow a list; those asked last are kept.
KEPT = 500
# Who reads SQLite at once: more of them than there are cores would only wait for Python's lock.
SQLITE_THREADS = 2


class Lookup(Generic[R]):
    """A SELECT that `put_together` makes of its terms, and whose rows come as `row`, column by column.

    It is made once for all that is asked with equal terms. What differs from one asking to the next is `asked("name")`
    in it, and gets its value then.
    """

    def __init__(self, row: type[R], put_together: Callable[..., Wanted]) -> None:
        self.put_together = put_together
        self._rows: Any = list[row]  # type: ignore[valid-type]  # the type that it was called with
        # Not strict: the booleans of both databases are numbers.
        self._decoder = Decoder(self._rows, strict=False)

    def of_json(self, text: str) -> list[R]:
        return cast("list[R]", self._decoder.decode(text))

    def of_rows(self, rows: Sequence[Sequence[Any]]) -> list[R]:
        return cast("list[R]", msgspec.convert(rows, self._rows, strict=False))


def asked(name: str, kind: type[TypeEngine[Any]] | TypeEngine[Any] = Integer) -> BindParameter[Any]:
    """A parameter of a lookup."""
    # With a value, for without one the lists in a statement could not be written out before it is known.
    return bindparam(name, None, kind)


class Text:
    """A statement as the driver takes it: its words, and its parameters in their order."""

    def __init__(self, wanted: Wanted, dialect: Dialect) -> None:
        compiled = wanted.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.words = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._values = dict(compiled.params)
        self._writers = {
            name: write
            for name, bound in compiled.binds.items()
            if (write := bound.type.dialect_impl(dialect).bind_processor(dialect))
        }

    def parameters(self, values: Values) -> tuple[Any, ...]:
        """All of them: beside those that were given the ones that belong to the statement."""
        known = {**self._values, **values}
        for name, write in self._writers.items():
            known[name] = write(known[name])
        return tuple(known[name] for name in self._names)


class Reader(Protocol):
    """Carries out lookups, each of them a transaction of its own."""

    async def look_up(self, lookup: Lookup[R], terms: tuple[Any, ...], values: Values) -> list[R]: ...

    async def close(self) -> None: ...


class MySqlReader:
    """On connections that commit by themselves, so that nothing has to be begun or ended.

    A driver that lets the server keep its statements sends nothing but parameters from the second time on.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._text = lru_cache(KEPT)(self._put_together)

    async def look_up(self, lookup: Lookup[R], terms: tuple[Any, ...], values: Values) -> list[R]:
        text = self._text(lookup, terms)
        # In one go: to take a connection, to ask and to give it back would each be a change of greenlets.
        found = await greenlet_spawn(self._ask, text.words, text.parameters(values))
        return lookup.of_rows(found)

    async def close(self) -> None:
        await self._engine.dispose()

    def _ask(self, words: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
        engine = self._engine.sync_engine
        # Whoever listens to statements hears these as well.
        if engine.dispatch.before_cursor_execute:
            return _ask_aloud(engine, words, parameters)
        try:
            return _ask_quietly(engine, words, parameters)
        except engine.dialect.loaded_dbapi.Error:
            # Asked again, on a connection that says what is wrong in SQLAlchemy's words, or that nothing is.
            return _ask_aloud(engine, words, parameters)

    def _put_together(self, lookup: Lookup[Any], terms: tuple[Any, ...]) -> Text:
        return Text(_plain(lookup.put_together(*terms)), self._engine.dialect)


def _ask_quietly(engine: Engine, words: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
    """Past SQLAlchemy's connection and its result, which take a third of what a page costs. Errors are the driver's."""
    connection = engine.raw_connection()
    is_whole = False
    try:
        cursor = connection.cursor()
        cursor.execute(words, parameters)
        found = cursor.fetchall()
        cursor.close()
        is_whole = True
        return found
    finally:
        # Whoever was broken off in the middle leaves an answer in the line, which would be the next one's.
        (connection.close if is_whole else connection.invalidate)()


def _ask_aloud(engine: Engine, words: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
    with engine.connect() as connection:
        return list(map(tuple, connection.exec_driver_sql(words, parameters)))


class SqliteReader:
    """In threads of their own, with all rows as one JSON text, so that the whole answer is one step of SQLite.

    Between two steps a thread waits for Python's lock, until the loop has nothing else to do. For that reason each
    keeps a connection, which has to commit by itself. `dialect` is that of the desk, which names indexes.
    """

    def __init__(self, engine: Engine, dialect: Dialect) -> None:
        self._engine = engine
        self._dialect = dialect
        self._threads = ThreadPoolExecutor(SQLITE_THREADS, "csts-lookups")
        self._connections: dict[int, Connection] = {}
        self._text = lru_cache(KEPT)(self._put_together)

    async def look_up(self, lookup: Lookup[R], terms: tuple[Any, ...], values: Values) -> list[R]:
        text = self._text(lookup, terms)
        words = text.words, text.parameters(values)
        ((found,),) = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, *words)
        return lookup.of_json(found)

    async def close(self) -> None:
        # First those that are being answered: nobody takes a connection from under them.
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._connections.values():
            connection.close()
        self._engine.dispose()

    def _ask(self, words: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
        thread = threading.get_ident()
        if thread not in self._connections:
            self._connections[thread] = self._engine.connect()
        try:
            return self._connections[thread].exec_driver_sql(words, parameters).all()
        except DBAPIError:
            # What is wrong may be the connection.
            self._connections.pop(thread).close()
            raise

    def _put_together(self, lookup: Lookup[Any], terms: tuple[Any, ...]) -> Text:
        rows = _plain(lookup.put_together(*terms)).subquery()
        return Text(select(func.json_group_array(func.json_array(*rows.c))), self._dialect)


def _plain(wanted: Wanted) -> Wanted:
    """With its moments as text, which gets the zone: both databases keep them without it."""
    columns = [
        type_coerce(each, String) + literal_column("'Z'") if isinstance(each.type, UtcDateTime) else each
        for each in wanted.selected_columns
    ]
    return wanted.with_only_columns(*columns, maintain_column_froms=True)
