"""Who carries a program of statements through one transaction: past SQLAlchemy, on a connection of its own.

A round trip by SQLAlchemy's asyncio side costs a quarter of a millisecond of CPU; the driver's own a fifth of that.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from csts.kit.bulk import Last, Program, Rows, Statement

R = TypeVar("R")

# Longer than any lock is waited for (MySQL's default is 50 s, SQLite's here 10): what takes as long as this is dead.
PATIENCE_SECONDS = 60
# A firewall may forget who says nothing for long, and swallow what he says then.
IDLE_SECONDS, PING_SECONDS = 10.0, 3.0


class Carrier(Protocol):
    """Carries out programs, one after the other."""

    async def carry_out(self, program: Program[R]) -> R:
        """One transaction: committed when the program has ended, rolled back if anything fails."""

    async def close(self) -> None: ...


class MySqlCarrier:
    """Sends each step in one packet, on one connection that it opens when it needs it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._used = 0.0

    async def carry_out(self, program: Program[R]) -> R:
        is_done = False
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                transaction = _MySqlTransaction(await self._driver())
                result = await _follow(program, transaction.ask)
                await transaction.finish()
            is_done = True
            return result
        finally:
            if not is_done:
                # Whatever it was in the middle of, the server rolls it back when the connection ends.
                await self.close()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def _driver(self) -> Any:
        """The driver's connection; a new one where there is none, or where it has been silent and is gone."""
        if self._connection and time.monotonic() - self._used > IDLE_SECONDS:
            driver: Any = (await self._connection.get_raw_connection()).driver_connection
            async with asyncio.timeout(PING_SECONDS):
                await driver.ping(reconnect=False)
        if self._connection is None:
            self._connection = await self._engine.connect()
        self._used = time.monotonic()
        return (await self._connection.get_raw_connection()).driver_connection


class SqliteCarrier:
    """Runs a whole program in a thread of its own, since each change of threads would cost more than a statement."""

    def __init__(self, path: str, prepare: Callable[[Any], None], turn: AbstractAsyncContextManager[Any]) -> None:
        self._path = path
        self._prepare = prepare
        self._turn = turn
        self._thread = ThreadPoolExecutor(1, "csts-batches")
        self._connection: sqlite3.Connection | None = None

    async def carry_out(self, program: Program[R]) -> R:
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._carry, program)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _carry(self, program: Program[R]) -> R:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path)
            self._prepare(self._connection)
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            step = next(program)
            while True:
                step = program.send([_ask_sqlite(cursor, statement) for statement in step])
        except StopIteration as end:
            cursor.execute("COMMIT")
            return end.value  # type: ignore[no-any-return]  # what a program returns
        finally:
            if self._connection.in_transaction:
                cursor.execute("ROLLBACK")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


async def carry_in(session: AsyncSession, program: Program[R]) -> R:
    """Carry out a program inside of this session's transaction, after what it has flushed."""
    connection = await session.connection()

    async def ask(step: Sequence[Statement]) -> Sequence[Rows]:
        return [await _ask_in(connection, statement) for statement in step]

    return await _follow(program, ask)


async def _follow(program: Program[R], ask: Callable[[Sequence[Statement]], Awaitable[Sequence[Rows]]]) -> R:
    """Give each step what it asks for, to the end of the program."""
    try:
        step = next(program)
        while True:
            step = program.send(await ask(step))
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # what a program returns


async def _ask_in(connection: AsyncConnection, statement: Statement) -> Rows:
    shape, rows = statement
    if not rows:
        return ()
    if connection.dialect.name == "sqlite":
        query = shape.sqlite(rows)
        result = await connection.exec_driver_sql(query.text, (query.parameter,))
    else:
        result = await connection.exec_driver_sql(shape.mysql(rows))
    return shape.decoded(result.all() if result.returns_rows else ())


class _MySqlTransaction:
    """Begins with what is asked first; the last step takes the commit along."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._is_open = True

    async def ask(self, step: Sequence[Statement]) -> Sequence[Rows]:
        """All statements of a step in one packet; the server stops at the first that fails."""
        sent = [statement for statement in step if statement.rows]
        texts = [shape.mysql(rows) for shape, rows in sent]
        if isinstance(step, Last):
            texts.append("COMMIT")
            self._is_open = False
        answers: list[Rows] = []
        if texts:
            cursor = self._driver.cursor()
            await cursor.execute(";".join(texts))
            for shape, _ in sent:
                answers.append(shape.decoded(await cursor.fetchall() if cursor.description else ()))
                await cursor.nextset()
        answered = iter(answers)
        return [next(answered) if statement.rows else () for statement in step]

    async def finish(self) -> None:
        if self._is_open:
            await self._driver.commit()


def _ask_sqlite(cursor: sqlite3.Cursor, statement: Statement) -> Rows:
    shape, rows = statement
    if not rows:
        return ()
    query = shape.sqlite(rows)
    return shape.decoded(cursor.execute(query.text, (query.parameter,)).fetchall())
