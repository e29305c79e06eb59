"""Database sessions as dependencies of a request, committed before the answer is sent."""

from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from csts.kit.db import Database


def database_of(connection: HTTPConnection) -> Database:
    return cast("Database", connection.app.state.database)


async def _read(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    async with database_of(connection).read() as session:
        yield session


async def _write(connection: HTTPConnection) -> AsyncIterator[AsyncSession]:
    async with database_of(connection).write() as session:
        yield session


# The default scope would commit after the answer has gone out: a client could be told of a row that is not there.
Reading = Annotated[AsyncSession, Depends(_read, scope="function")]
Writing = Annotated[AsyncSession, Depends(_write, scope="function")]
