"""Many rows in one statement, written for the drivers themselves: what groups commits has no time for more.

SQLAlchemy knows the tables and the types; each shape below is built once, from them, where a program is defined.

A row that is read comes as one JSON text: to learn of a column takes a driver as long as to read a row, and there are
a dozen columns to few rows. SQLite also gets its rows as JSON, so that a statement is one step of its engine: between
two steps its thread has to wait for Python's lock, up to 5 ms each time.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from msgspec.json import Decoder
from sqlalchemy import Boolean, Column, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase

from csts.kit.columns import UtcDateTime

Row = tuple[Any, ...]
Rows = Sequence[Any]
Model = type[DeclarativeBase]
R = TypeVar("R")


class Query(NamedTuple):
    """Text with one question mark for one driver call."""

    text: str
    parameter: str | int


class Shape(ABC):
    """What the rows of a statement mean, and how each database is told. Called with rows it is a statement."""

    def __call__(self, rows: Rows) -> "Statement":
        return Statement(self, rows)

    @abstractmethod
    def mysql(self, rows: Rows) -> str: ...

    @abstractmethod
    def sqlite(self, rows: Rows) -> Query: ...

    def decoded(self, rows: Iterable[Sequence[Any]]) -> Rows:
        """What the database has answered; nothing, unless the shape asks for something."""
        return ()


class Statement(NamedTuple):
    """A shape with the rows that it is for; one of no rows is never sent and gives none."""

    shape: Shape
    rows: Rows


class Last(tuple[Statement, ...]):
    """The last step of a program: with it goes the commit, which then costs no answer of its own."""

    __slots__ = ()


# What happens in one transaction: each step is sent as one, and gets the rows of each of its statements.
Program = Generator[Sequence[Statement], Sequence[Rows], R]


class _Reading(Shape):
    """A shape that gives structs, whose fields are columns of the table; they are `array_like`."""

    def __init__(self, model: Model, row: type[msgspec.Struct]) -> None:
        table = _table(model)
        columns = [table.c[name] for name in row.__struct_fields__]
        moments = [isinstance(column.type, UtcDateTime) for column in columns]
        plain = [column.name for column in columns]
        # Both write moments without their zone.
        on_mysql = [
            f"CONCAT({name}, 'Z')" if is_moment else name for name, is_moment in zip(plain, moments, strict=True)
        ]
        on_sqlite = [f"{name} || 'Z'" if is_moment else name for name, is_moment in zip(plain, moments, strict=True)]
        self._mysql = f"SELECT JSON_ARRAY({', '.join(on_mysql)}) FROM {table.name}"  # noqa: S608 - our own tables' names
        self._sqlite = f"SELECT json_array({', '.join(on_sqlite)}) FROM "  # noqa: S608
        # Not strict: the booleans of both databases are numbers.
        self._decode: Callable[[str], Any] = Decoder(row, strict=False).decode

    def decoded(self, rows: Iterable[Sequence[Any]]) -> Rows:
        return [self._decode(text) for (text,) in rows]


class Find(_Reading):
    """All rows whose `by` columns hold one of the given tuples, as `row`.

    With `lock` they are locked to the end of the transaction, in the order of `by`.
    """

    def __init__(self, model: Model, row: type[msgspec.Struct], *, by: Sequence[str], lock: bool = False) -> None:
        super().__init__(model, row)
        self._by = kinds(model, by)
        key = by[0] if len(by) == 1 else f"({', '.join(by)})"
        order = f" ORDER BY {', '.join(by)}" if lock else ""
        self._mysql += f" WHERE {key} IN ("
        self._mysql_end = f"){order}{' FOR UPDATE' if lock else ''}"
        # A join in this order: of a row value that is IN a subquery, the index is asked for the first member only.
        # Who writes has locked the whole database already.
        names = [f"given_{name}" for name in by]
        is_given = " AND ".join(f"{name} = given_{name}" for name in by)
        self._sqlite += f"({given(names)}) AS given CROSS JOIN {_table(model).name} WHERE {is_given}{order}"

    def mysql(self, rows: Rows) -> str:
        return f"{self._mysql}{_tuples(self._by, rows)}{self._mysql_end}"

    def sqlite(self, rows: Rows) -> Query:
        return Query(self._sqlite, plain(self._by, rows))


class JustInserted(_Reading):
    """The rows that the INSERT before has made, as `row`, given the same rows again; perhaps some of others.

    That the numbers of one INSERT follow upon each other is true of a single server, and not of a cluster.
    """

    def __init__(self, model: Model, row: type[msgspec.Struct]) -> None:
        super().__init__(model, row)
        # The first of them, and that is the lowest.
        self._mysql += " WHERE id >= LAST_INSERT_ID()"
        # The last of them; nobody else can have written in between.
        self._sqlite += f"{_table(model).name} WHERE id > last_insert_rowid() - ?"

    def mysql(self, rows: Rows) -> str:
        return self._mysql

    def sqlite(self, rows: Rows) -> Query:
        return Query(self._sqlite, len(rows))


class _Writing(Shape):
    """A shape whose rows are values of `columns`."""

    def __init__(self, model: Model, columns: Sequence[str]) -> None:
        table = _table(model)
        self._table = table.name
        self._columns = columns
        self._kinds = kinds(model, columns)
        self._sqlite = ""

    def sqlite(self, rows: Rows) -> Query:
        return Query(self._sqlite, plain(self._kinds, rows))


class Insert(_Writing):
    """One new row of `columns` for each tuple."""

    def __init__(self, model: Model, columns: Sequence[str]) -> None:
        super().__init__(model, columns)
        head = f"INSERT INTO {self._table} ({', '.join(columns)}) "
        self._mysql = f"{head}VALUES "
        self._sqlite = f"{head}{given(columns)}"

    def mysql(self, rows: Rows) -> str:
        return f"{self._mysql}{_tuples(self._kinds, rows)}"


class Put(_Writing):
    """One row of `columns` for each tuple: new, or in the place of the one with the same `key`."""

    def __init__(self, model: Model, columns: Sequence[str], *, key: Sequence[str]) -> None:
        super().__init__(model, columns)
        rest = [name for name in columns if name not in key]
        head = f"INSERT INTO {self._table} ({', '.join(columns)}) "
        self._mysql = f"{head}SELECT * FROM ("  # noqa: S608
        # By name: VALUES() in this place is deprecated by MySQL, and its new form is unknown to MariaDB.
        self._tail = ") AS new ON DUPLICATE KEY UPDATE " + ", ".join(f"{name} = new.{name}" for name in rest)
        replaced = ", ".join(f"{name} = excluded.{name}" for name in rest)
        # Without a WHERE the grammar takes ON for a part of a join.
        self._sqlite = f"{head}{given(columns)} WHERE true ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced}"

    def mysql(self, rows: Rows) -> str:
        return f"{self._mysql}{table_of(self._kinds, self._columns, rows)}{self._tail}"


class Update(_Writing):
    """Sets `columns` of the row whose `key` is the last member of each tuple."""

    def __init__(self, model: Model, columns: Sequence[str], *, key: str) -> None:
        super().__init__(model, (*columns, key))
        # The rows as a table of their own: a CASE for each column would be compared with every row of the batch.
        # In this order and by the key: over a small table the server would rather go through all of its rows, lock
        # each of them, and meet in a deadlock whoever is doing the same.
        self._tail = (
            f") AS new STRAIGHT_JOIN {self._table} AS kept FORCE INDEX (PRIMARY) ON kept.{key} = new.{key} SET "
            + ", ".join(f"kept.{name} = new.{name}" for name in columns)
        )
        changes = ", ".join(f"{name} = new.{name}" for name in columns)
        self._sqlite = (
            f"UPDATE {self._table} SET {changes} FROM ({given(self._columns)}) AS new "  # noqa: S608
            f"WHERE {self._table}.{key} = new.{key}"
        )

    def mysql(self, rows: Rows) -> str:
        return f"UPDATE ({table_of(self._kinds, self._columns, rows)}{self._tail}"


@dataclass(frozen=True)
class _Kind:
    """How the values of one column are written: in a statement's text for MySQL, and in JSON for SQLite."""

    literal: Callable[[Any], str]
    # None where JSON writes it well by itself.
    plain: Callable[[Any], Any] | None = None

    def or_null(self) -> "_Kind":
        """The same for a column that may be empty: few are, and to look costs as much as to write."""
        literal, plain = self.literal, self.plain
        return _Kind(
            lambda value: "NULL" if value is None else literal(value),
            plain and (lambda value: None if value is None else plain(value)),
        )


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
_NUMBER = _Kind(int.__repr__)
_TEXT = _Kind(_quoted)
_MOMENT = _Kind(lambda value: f"'{_moment(value)}'", _moment)
_JSON = _Kind(lambda value: _quoted(_json(value)), _json)


def _table(model: Model) -> Table:
    return cast("Table", model.__table__)


def kinds(model: Model, columns: Sequence[str]) -> list["_Kind"]:
    """How the values of these columns are written."""
    return [_kind(_table(model).c[name]) for name in columns]


def _kind(column: Column[Any]) -> _Kind:
    kind = _JSON
    if isinstance(column.type, UtcDateTime):
        kind = _MOMENT
    elif isinstance(column.type, Integer | Boolean):
        kind = _NUMBER
    elif isinstance(column.type, String):
        kind = _TEXT
    return kind.or_null() if column.nullable else kind


def given(names: Sequence[str]) -> str:
    """SQLite's SELECT of the rows that are its parameter, with these names for their values."""
    values = [f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(names)]
    return f"SELECT {', '.join(values)} FROM json_each(?)"  # noqa: S608


def _tuples(kinds: Sequence[_Kind], rows: Rows) -> str:
    return f"({'), ('.join(map(', '.join, _literals(kinds, rows)))})"


def table_of(kinds: Sequence[_Kind], columns: Sequence[str], rows: Rows) -> str:
    """The rows as a table of their own, whose columns have these names."""
    first, *others = _literals(kinds, rows)
    named = ", ".join([f"{value} AS {name}" for value, name in zip(first, columns, strict=True)])
    return " UNION ALL SELECT ".join([f"SELECT {named}", *map(", ".join, others)])


def _literals(kinds: Sequence[_Kind], rows: Rows) -> Iterable[Sequence[str]]:
    # By columns, since a loop over all values of all rows in Python takes three times as long.
    columns = zip(*rows, strict=True)
    return zip(*[map(kind.literal, column) for kind, column in zip(kinds, columns, strict=True)], strict=True)


def plain(kinds: Sequence[_Kind], rows: Rows) -> str:
    """The rows as one JSON text, SQLite's parameter of `given`."""
    columns = zip(*rows, strict=True)
    written = [map(kind.plain, column) if kind.plain else column for kind, column in zip(kinds, columns, strict=True)]
    return _json(list(zip(*written, strict=True)))
