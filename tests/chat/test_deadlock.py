"""Two transactions that wait for each other: the one that the database ends is done again, and nobody notices."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.db import ATTEMPTS, Database
from csts.tickets.models import Ticket
from tests.make import open_ticket
from tests.people import Somebody


class Crossing:
    """Two tickets, and two who take them in opposite order; the one who writes is the one whom the database spares."""

    def __init__(self, database: Database, one: int, two: int) -> None:
        self.database, self.one, self.two = database, one, two
        self.attempts = 0
        self.is_halfway = asyncio.Event()
        self.may_cross = asyncio.Event()

    async def work(self, session: AsyncSession) -> str:
        self.attempts += 1
        await session.get_one(Ticket, self.two, with_for_update=True)
        self.is_halfway.set()
        await self.may_cross.wait()
        await session.get_one(Ticket, self.one, with_for_update=True)
        return "done"

    async def other(self) -> None:
        async with self.database.write() as session:
            ticket = await session.get_one(Ticket, self.one, with_for_update=True)
            ticket.subject = "Taken from the other side"
            await session.flush()
            await self.is_halfway.wait()
            self.may_cross.set()
            await session.get_one(Ticket, self.two, with_for_update=True)


@pytest.fixture
async def crossing(app: FastAPI, ana: Somebody) -> Crossing:
    database: Database = app.state.database
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, so that two never wait for each other")
    one, two = await open_ticket(ana), await open_ticket(ana)
    return Crossing(database, one["id"], two["id"])


async def test_victim_of_a_deadlock_is_done_again(crossing: Crossing) -> None:
    done, _ = await asyncio.gather(crossing.database.carry_out(crossing.work), crossing.other())
    assert (done, crossing.attempts) == ("done", 2)


async def test_work_that_fails_for_another_reason_is_done_once(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    attempts = 0

    async def work(session: AsyncSession) -> None:
        nonlocal attempts
        attempts += 1
        raise OperationalError("", {}, Exception(2013, "Lost connection"))

    with pytest.raises(OperationalError):
        await database.carry_out(work)
    assert attempts == 1


async def test_work_that_never_gets_through_is_given_up(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    attempts = 0

    async def work(session: AsyncSession) -> None:
        nonlocal attempts
        attempts += 1
        raise OperationalError("", {}, Exception(1213, "Deadlock found"))

    with pytest.raises(OperationalError):
        await database.carry_out(work)
    assert attempts == ATTEMPTS
