"""Column types that behave the same on SQLite and on MySQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, literal
from sqlalchemy.dialects.mysql import DATETIME, VARCHAR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

# What MySQL's INTEGER holds. BIGINT would cost SQLite its numbering: only an `INTEGER PRIMARY KEY` counts by itself.
MAX_ID = 2**31 - 1

# The database's own time, this many microseconds from now, in the form in which moments are stored.
MYSQL_TIME = "TIMESTAMPADD(MICROSECOND, {}, UTC_TIMESTAMP(6))"
SQLITE_TIME = "strftime('%Y-%m-%d %H:%M:%f000', 'now', ({} / 1000000.0) || ' seconds')"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, to the microsecond. Naive moments are refused: nobody knows what they mean."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # MySQL's plain DATETIME drops the fraction, and with it the order of one second's rows.
        return DATETIME(fsp=6) if dialect.name == "mysql" else DateTime()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


def exact_string(length: int) -> String:
    """Text that is compared byte by byte; MySQL's default collation would call `a` and `á` the same key."""
    return String(length).with_variant(VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), "mysql")


class DatabaseTime(FunctionElement[datetime]):
    """The moment by the clock of the database, so many seconds from now: one clock for machines that disagree."""

    name = "database_time"
    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, seconds: float = 0) -> None:
        super().__init__(literal(round(seconds * 1_000_000)))


@compiles(DatabaseTime, "mysql")
def _mysql_time(element: DatabaseTime, compiler: SQLCompiler, **options: Any) -> str:
    return MYSQL_TIME.format(compiler.process(element.clauses, **options))


@compiles(DatabaseTime, "sqlite")
def _sqlite_time(element: DatabaseTime, compiler: SQLCompiler, **options: Any) -> str:
    return SQLITE_TIME.format(compiler.process(element.clauses, **options))
