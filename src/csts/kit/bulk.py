"""Many rows in one statement, written for the drivers themselves: what groups commits has no time for more.

SQLAlchemy knows the tables and the types; each shape below is built once, from them, where a program is defined.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from sqlalchemy import Boolean, Column, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase

from csts.kit.columns import UtcDateTime

Row = tuple[Any, ...]
Rows = Sequence[Row]
R = TypeVar("R")


class Query(NamedTuple):
    """Text with question marks for one driver call; more than one set of parameters is a call for each."""

    text: str
    parameters: Sequence[Sequence[Any]] = ()
    gives_rows: bool = False


class Shape(ABC):
    """What the rows of a statement mean, and how each database is told. Called with rows it is a statement."""

    def __call__(self, rows: Rows) -> "Statement":
        return Statement(self, rows)

    @abstractmethod
    def mysql(self, rows: Rows) -> str: ...

    @abstractmethod
    def sqlite(self, rows: Rows) -> Query: ...

    def decoded(self, rows: Iterable[Row]) -> Rows:
        return list(rows)


class Statement(NamedTuple):
    """A shape with the rows that it is for; one of no rows is never sent and gives none."""

    shape: Shape
    rows: Rows


# What happens in one transaction: each step is sent as one, and gets the rows of each of its statements.
Program = Generator[Sequence[Statement], Sequence[Rows], R]


class Find(Shape):
    """The `columns` of all rows whose `by` columns hold one of the given tuples.

    With `lock` they are locked to the end of the transaction, in the order of `by`.
    """

    def __init__(
        self, model: type[DeclarativeBase], columns: Sequence[str], *, by: Sequence[str], lock: bool = False
    ) -> None:
        table = _table(model)
        types = [table.c[name].type for name in columns]
        self._moments = [place for place, kind in enumerate(types) if isinstance(kind, UtcDateTime)]
        self._by = [_kind(table.c[name]) for name in by]
        # A row value of one column is no row value to SQLite.
        key = ", ".join(by) if len(by) == 1 else f"({', '.join(by)})"
        self._text = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key} IN "  # noqa: S608 - our own tables' names
        self._order = f" ORDER BY {', '.join(by)}" if lock else ""
        self._lock = " FOR UPDATE" if lock else ""

    def mysql(self, rows: Rows) -> str:
        return f"{self._text}({_tuples(self._by, rows)}){self._order}{self._lock}"

    def sqlite(self, rows: Rows) -> Query:
        # Who writes has locked the whole database already.
        values = ", ".join([f"({', '.join('?' * len(self._by))})"] * len(rows))
        return Query(f"{self._text}(VALUES {values}){self._order}", [_flat(self._by, rows)], gives_rows=True)

    def decoded(self, rows: Iterable[Row]) -> Rows:
        return [_with_moments(row, self._moments) for row in rows] if self._moments else list(rows)


class Insert(Shape):
    """One new row of `columns` for each tuple."""

    def __init__(self, model: type[DeclarativeBase], columns: Sequence[str]) -> None:
        table = _table(model)
        self._kinds = [_kind(table.c[name]) for name in columns]
        self._text = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608

    def mysql(self, rows: Rows) -> str:
        return f"{self._text}{_tuples(self._kinds, rows)}"

    def sqlite(self, rows: Rows) -> Query:
        marks = ", ".join("?" * len(self._kinds))
        return Query(f"{self._text}({marks})", [_plain_row(self._kinds, row) for row in rows])


class JustInserted(Shape):
    """The `columns` of the rows that the INSERT before has made, given the same rows again; perhaps some of others.

    That the numbers of one INSERT follow upon each other is true of a single server, and not of a cluster.
    """

    def __init__(self, model: type[DeclarativeBase], columns: Sequence[str]) -> None:
        self._text = f"SELECT {', '.join(columns)} FROM {_table(model).name} WHERE id "  # noqa: S608

    def mysql(self, rows: Rows) -> str:
        # The first of them, and that is the lowest.
        return f"{self._text}>= LAST_INSERT_ID()"

    def sqlite(self, rows: Rows) -> Query:
        # The last of them; nobody else can have written in between.
        return Query(f"{self._text}> last_insert_rowid() - ?", [[len(rows)]], gives_rows=True)


class Put(Shape):
    """One row of `columns` for each tuple: new, or in the place of the one with the same `key`."""

    def __init__(self, model: type[DeclarativeBase], columns: Sequence[str], *, key: Sequence[str]) -> None:
        table = _table(model)
        self._insert = Insert(model, columns)
        self._kinds = [_kind(table.c[name]) for name in columns]
        self._columns = columns
        rest = [name for name in columns if name not in key]
        self._head = f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM ("  # noqa: S608
        # By name: VALUES() in this place is deprecated by MySQL, and its new form is unknown to MariaDB.
        self._tail = ") AS new ON DUPLICATE KEY UPDATE " + ", ".join(f"{name} = new.{name}" for name in rest)
        changes = ", ".join(f"{name} = excluded.{name}" for name in rest)
        self._sqlite = f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"

    def mysql(self, rows: Rows) -> str:
        return self._head + _table_of(self._kinds, self._columns, rows) + self._tail

    def sqlite(self, rows: Rows) -> Query:
        query = self._insert.sqlite(rows)
        return query._replace(text=query.text + self._sqlite)


class Update(Shape):
    """Sets `columns` of the row whose `key` is the last member of each tuple."""

    def __init__(self, model: type[DeclarativeBase], columns: Sequence[str], *, key: str) -> None:
        table = _table(model)
        self._kinds = [_kind(table.c[name]) for name in (*columns, key)]
        self._sqlite = f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in columns)} WHERE {key} = ?"  # noqa: S608
        # The rows as a table of their own: a CASE for each column would be compared with every row of the batch.
        self._columns = (*columns, key)
        # In this order and by the key: over a small table the server would rather go through all of its rows, lock
        # each of them, and meet in a deadlock whoever is doing the same.
        self._tail = (
            f") AS new STRAIGHT_JOIN {table.name} AS kept FORCE INDEX (PRIMARY) ON kept.{key} = new.{key} SET "
            + ", ".join(f"kept.{name} = new.{name}" for name in columns)
        )

    def mysql(self, rows: Rows) -> str:
        return f"UPDATE ({_table_of(self._kinds, self._columns, rows)}{self._tail}"

    def sqlite(self, rows: Rows) -> Query:
        return Query(self._sqlite, [_plain_row(self._kinds, row) for row in rows])


@dataclass(frozen=True)
class _Kind:
    """How values of one SQL type are written: in a statement's text for MySQL, and as a plain value."""

    literal: Callable[[Any], str]
    plain: Callable[[Any], Any]


def _quoted(text: str) -> str:
    # In hexadecimal nothing has to be escaped, so nothing can be forgotten; it is also thirty times as fast.
    return f"_utf8mb4 X'{text.encode().hex()}'"


# The moment of a message is that of its ticket as well: most are asked for three times.
@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    """As SQLAlchemy writes it on SQLite, which is also what MySQL reads."""
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    # Without its `+00:00`: cut off, since to make a naive moment first takes three times as long.
    return utc.isoformat(" ", "microseconds")[:26]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


# Of nothing but whole numbers, and of True and False as 1 and 0: anything else would be an error, and no SQL.
_NUMBER = _Kind(int.__repr__, int)
_TEXT = _Kind(_quoted, str)
_MOMENT = _Kind(lambda value: f"'{_moment(value)}'", _moment)
_JSON = _Kind(lambda value: _quoted(_json(value)), _json)


def _table(model: type[DeclarativeBase]) -> Table:
    return cast("Table", model.__table__)


def _kind(column: Column[Any]) -> _Kind:
    if isinstance(column.type, UtcDateTime):
        return _MOMENT
    if isinstance(column.type, Integer | Boolean):
        return _NUMBER
    return _TEXT if isinstance(column.type, String) else _JSON


def _tuples(kinds: Sequence[_Kind], rows: Rows) -> str:
    return ", ".join([f"({', '.join(_literals(kinds, row))})" for row in rows])


def _table_of(kinds: Sequence[_Kind], columns: Sequence[str], rows: Rows) -> str:
    """The rows as a table of their own, whose columns have these names."""
    first, *others = [_literals(kinds, row) for row in rows]
    named = ", ".join([f"{value} AS {name}" for value, name in zip(first, columns, strict=True)])
    return " UNION ALL SELECT ".join([f"SELECT {named}", *map(", ".join, others)])


def _literals(kinds: Sequence[_Kind], row: Row) -> list[str]:
    return ["NULL" if value is None else kind.literal(value) for kind, value in zip(kinds, row, strict=True)]


def _plain_row(kinds: Sequence[_Kind], row: Row) -> list[Any]:
    return [None if value is None else kind.plain(value) for kind, value in zip(kinds, row, strict=True)]


def _flat(kinds: Sequence[_Kind], rows: Rows) -> list[Any]:
    return [value for row in rows for value in _plain_row(kinds, row)]


def _with_moments(row: Row, places: Sequence[int]) -> Row:
    """MySQL's driver gives naive moments, SQLite's the text."""
    values = list(row)
    for place in places:
        value = values[place]
        if value is not None:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
            values[place] = moment.replace(tzinfo=UTC)
    return tuple(values)
