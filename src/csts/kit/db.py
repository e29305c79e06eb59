"""The unit of work: where transactions open, commit and publish, and what differs between SQLite and MySQL."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy import URL, Connection, CursorResult, Dialect, MetaData, Result, event, make_url
from sqlalchemy import create_engine as create_sync_engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from csts.kit.carriers import Carrier, MySqlCarrier, SqliteCarrier
from csts.kit.indexes import NamesIndexes
from csts.kit.lookups import Lookup, MySqlReader, Reader, SqliteReader
from csts.kit.rested import Doubt, note_use, try_rested
from csts.kit.sharing import Kept, Shared

Announcement = tuple[str, Any]
Publish = Callable[[Sequence[Announcement]], Awaitable[None]]
Reaction = Callable[[AsyncSession, Any], Awaitable[None]]

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS = 3
CARRIERS = 2
# Connections for lookups, and how many statements each of them keeps at the server, which allows 16,382 in all.
READERS, KEPT = 10, 50
# How long a hint about the size of something is good, and how many are kept.
HINT_SECONDS, MOST_HINTS = 60.0, 10_000
LOCK_WAIT_OVER, DEADLOCK = 1205, 1213
# Of a server that comes, goes or has gone: too many connections, shutdown, killed, and the client's own, 0 and 2002
# to 2013.
_UNREACHABLE = {0, 1040, 1053, 1927, 2002, 2003, 2006, 2013, 4031}
# Of one that has no room left, or was told to take nothing in.
_UNWRITABLE = {1021, 1026, 1030, 1114, 1290, 1792, 1836}
_UNWRITABLE_FILE = ("database or disk is full", "readonly database", "disk I/O error")

_log = structlog.get_logger()

_ANNOUNCED = "announced"
_HAPPENED = "happened"
_REACT = "react"


class Base(DeclarativeBase):
    """Parent of every table; the names of constraints are the same on every database."""

    # SQLite gives no names of its own, and a migration can only drop what has one.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def announce(session: AsyncSession, channel: str, message: Any) -> None:
    """Publish `message` to `channel` once this transaction has been committed, and never if it is not."""
    session.info.setdefault(_ANNOUNCED, []).append((channel, message))


def happened(session: AsyncSession, fact: object) -> None:
    """Tell the rooms above, inside this transaction: the reaction to `type(fact)` runs before the commit.

    Facts are hashable; one that is told twice before its reaction ran counts once.
    """
    session.info.setdefault(_HAPPENED, {})[fact] = None


async def settle(session: AsyncSession) -> None:
    """Let the rooms above react now, so that what is read next is what will be committed."""
    await session.info[_REACT](session)


class Database:
    """Opens sessions, and commits what is written in them; beside it only a carrier commits.

    `publish` gets what was announced, in order, after each commit. `reactions` maps the type of a
    fact to what runs for it before the commit; types that stand first are served first, and others are
    nobody's business.
    """

    def __init__(self, url: str, *, publish: Publish, reactions: dict[type, Reaction]) -> None:
        self._doubt = Doubt()
        self.engine = create_engine(url, self._doubt)
        self._writing = self.engine.execution_options(csts_write=True)
        self._reader = _create_reader(self.engine, self._doubt)
        # For what many may ask at the same moment: a page of one person sends a dozen requests at once.
        self.shared = Shared()
        # For what only helps to find something sooner.
        self.kept = Kept(HINT_SECONDS, MOST_HINTS)
        self._publish = publish
        self._reactions = reactions
        # SQLite has one writer at a time; a fair queue here beats its busy handler, which polls and starves.
        self._turn: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that is rolled back at the end."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed if the block ends well, else rolled back; then what it announced is published."""
        # Rows are looked at after the commit, too, where an expired one would ask a session that has ended.
        async with self._turn, AsyncSession(self._writing, expire_on_commit=False) as session:
            session.info[_REACT] = self._react
            yield session
            await self._react(session)
            await session.commit()
            announced = session.info.pop(_ANNOUNCED, [])
        # Outside of the turn and of the connection: who listens must not keep the next writer waiting.
        if announced:
            await self._publish(announced)

    async def carry_out(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """`write` for work that may be begun again: each of its attempts has a session of its own.

        MySQL ends one of two transactions that wait for each other, and expects it to be repeated.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                async with self.write() as session:
                    return await work(session)
            except OperationalError as error:
                if _number(error) != DEADLOCK:
                    raise
                _log.warning("deadlock_repeated")
        async with self.write() as session:
            return await work(session)

    async def look_up(self, lookup: Lookup[R], *terms: Hashable, **values: Any) -> list[R]:
        """What was committed when this was asked: the rows of the lookup's statement for these terms and values."""
        try:
            return await self._reader.look_up(lookup, terms, values)
        except (DBAPIError, OSError, EOFError) as error:
            # Lookups have connections of their own: what they find out, the others need not find out once more.
            if is_unreachable(error):
                self._doubt.since = time.monotonic()
            raise

    @property
    def carriers_at_once(self) -> int:
        """How many carriers get more done than one; SQLite has one writer."""
        return 1 if self.engine.dialect.name == "sqlite" else CARRIERS

    def carrier(self) -> Carrier:
        """For programs that go past SQLAlchemy; whoever takes it closes it."""
        if path := self.engine.url.database if self.engine.dialect.name == "sqlite" else None:
            return SqliteCarrier(path, _prepare_sqlite, self._turn)
        return MySqlCarrier(self.engine)

    async def close(self) -> None:
        await self._reader.close()
        await self.engine.dispose()

    async def _react(self, session: AsyncSession) -> None:
        facts: dict[Any, None] = session.info.setdefault(_HAPPENED, {})
        order = list(self._reactions)
        while facts:  # a reaction may state facts of its own
            for unheard in [each for each in facts if type(each) not in self._reactions]:
                del facts[unheard]
            if not facts:
                return
            fact = min(facts, key=lambda each: order.index(type(each)))
            del facts[fact]
            await self._reactions[type(fact)](session, fact)


def rows_changed(result: Result[Any]) -> int:
    """How many rows an INSERT, UPDATE or DELETE has met."""
    # `execute` promises any result; that of such a statement is one with a row count.
    return result.rowcount if isinstance(result, CursorResult) else 0


def is_contention(error: Exception) -> bool:
    """Deadlock victim or lock wait over (MySQL 1213, 1205), or SQLite's busy writer: a repeat may well succeed."""
    return _number(error) in {LOCK_WAIT_OVER, DEADLOCK} or "database is locked" in str(error)


def is_unreachable(error: Exception) -> bool:
    """The server is not there, or went away in the middle: what was asked of it may have been done, or not."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, OSError | EOFError) or _number(error) in _UNREACHABLE


def is_unwritable(error: Exception) -> bool:
    """The database is there and takes nothing in: its disk is full or failing, or it may only be read."""
    return _number(error) in _UNWRITABLE or any(words in str(error) for words in _UNWRITABLE_FILE)


def _number(error: Exception) -> int | None:
    """The server's number for what went wrong; an error of a driver or SQLAlchemy's around it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    number = cause.args[0] if cause and cause.args else None
    return number if isinstance(number, int) else None


def create_engine(url: str, doubt: Doubt | None = None) -> AsyncEngine:
    """An engine whose transactions mean the same on both databases."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_async_engine(url, pool_size=16, max_overflow=16, hide_parameters=True)
        engine.sync_engine.dialect.statement_compiler = NamesIndexes
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    # Under MySQL's own REPEATABLE READ a row that was waited for would be seen beside a world from before.
    return _create_mysql_engine(url, doubt or Doubt(), isolation_level="READ COMMITTED", pool_size=20, max_overflow=20)


def _create_mysql_engine(url: str | URL, doubt: Doubt, *, kept_statements: int = 0, **options: Any) -> AsyncEngine:
    arguments = {"init_command": "SET time_zone = '+00:00'", "connect_timeout": 10, "stmt_cache_size": kept_statements}
    engine = create_async_engine(
        url,
        # Parameters are people's words and hashes of passwords: an error that is logged must not quote them.
        hide_parameters=True,
        pool_recycle=1800,
        # Those in use stay in use, and need not be asked.
        pool_use_lifo=True,
        connect_args=arguments,
        **options,
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "checkin", note_use)
    event.listen(engine.sync_engine, "checkout", partial(try_rested, doubt))
    return engine


def _create_reader(engine: AsyncEngine, doubt: Doubt) -> Reader:
    if engine.dialect.name == "sqlite":
        threaded = create_sync_engine(
            engine.url.set(drivername="sqlite"), hide_parameters=True, isolation_level="AUTOCOMMIT"
        )
        event.listen(threaded, "connect", _prepare_sqlite)
        return SqliteReader(threaded, engine.dialect)
    # Nothing is open that a connection would have to roll back when it is given back.
    options = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    return MySqlReader(
        _create_mysql_engine(engine.url, doubt, kept_statements=KEPT, pool_size=READERS, max_overflow=0, **options)
    )


def _connect(dialect: Dialect, _record: object, arguments: list[Any], options: dict[str, Any]) -> DBAPIConnection:
    try:
        return dialect.connect(*arguments, **options)
    except (RuntimeError, EOFError) as error:
        # What the driver makes of a server that dies in the middle of a greeting.
        raise ConnectionError(str(error)) from error


def _prepare_sqlite(connection: DBAPIConnection, _record: object = None) -> None:
    # The driver's own implicit transactions begin too late: a read and the write that follows it
    # would see two states of the world, and updates would be lost without an error.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL, because NORMAL may lose the last commits of a WAL with the power, and they have been acknowledged.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once; it stands for FOR UPDATE, which SQLite does not have.
    writes = connection.get_execution_options().get("csts_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
