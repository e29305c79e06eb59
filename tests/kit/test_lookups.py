"""Reads that go past SQLAlchemy's sessions: what comes back is the same, and what costs is done once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from fastapi import FastAPI
from sqlalchemy import Select, String, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from csts.customers.models import User
from csts.kit.columns import UtcDateTime
from csts.kit.db import Database
from csts.kit.lookups import Lookup, asked
from tests.queries import count_queries

MOMENT = datetime(2026, 3, 2, 9, 0, 0, 120, tzinfo=UTC)
NAMES = ["Ana", 'Ben "the box" O\'Neil', "Chloë 🙂\n", "50 % s", ""]


class Somebody(msgspec.Struct, frozen=True, array_like=True):
    name: str
    since: datetime
    nothing: int | None
    is_a_customer: bool


class Nobody(msgspec.Struct, frozen=True, array_like=True):
    number: int


def people(first: str) -> Select[*tuple[Any, ...]]:
    put_together.append(first)
    is_a_customer = (User.role == "customer").label("is_a_customer")
    found = select(User.name, User.created_at, select(User.id).where(User.id < 0).scalar_subquery(), is_a_customer)
    found = found.where(User.created_at >= asked("since", UtcDateTime), User.role.in_(("customer", "guest")))
    order = User.created_at if first == "oldest" else User.created_at.desc()
    return found.order_by(order).limit(asked("limit"))


put_together: list[str] = []
PEOPLE = Lookup(Somebody, people)


@pytest.fixture
async def database(app: FastAPI) -> Database:
    put_together.clear()
    found: Database = app.state.database
    async with found.write() as session:
        for number, name in enumerate(NAMES):
            at = MOMENT + timedelta(seconds=number)
            facts = {"role": "customer", "password_hash": "!", "created_at": at}
            session.add(User(name=name, email=f"{number}@example.com", **facts))
    return found


async def test_rows_come_in_their_order_and_as_they_were_written(database: Database) -> None:
    found = await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)
    assert [each.name for each in found] == NAMES
    assert found[0] == Somebody("Ana", MOMENT, None, is_a_customer=True)
    found = await database.look_up(PEOPLE, "newest", since=MOMENT, limit=2)
    assert [each.name for each in found] == NAMES[:-3:-1]


async def test_a_statement_is_put_together_once_and_asked_with_new_values(database: Database) -> None:
    with count_queries(database.engine) as sent:
        for number in range(3):
            since = MOMENT + timedelta(seconds=number)
            assert len(await database.look_up(PEOPLE, "oldest", since=since, limit=50)) == len(NAMES) - number
    assert put_together == ["oldest"]
    assert len(sent) == 3
    assert len(set(sent)) == 1


async def test_a_list_without_rows_is_empty(database: Database) -> None:
    assert await database.look_up(PEOPLE, "oldest", since=MOMENT + timedelta(days=1), limit=50) == []


async def test_what_was_committed_before_is_found(database: Database) -> None:
    before = await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)
    async with database.write() as session:
        await session.execute(User.__table__.update().values(name="Eve"))  # type: ignore[attr-defined]  # a Table
        assert await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50) == before
    assert {each.name for each in await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)} == {"Eve"}


async def test_words_are_parameters_and_no_sql(database: Database) -> None:
    by_name = Lookup(Nobody, lambda: select(User.id).where(User.name == asked("name", String)))
    for name in NAMES:
        assert len(await database.look_up(by_name, name=name)) == 1
    assert await database.look_up(by_name, name="' OR ''='") == []


async def test_what_the_database_refuses_is_an_error_as_in_a_session(database: Database) -> None:
    broken = Lookup(Nobody, lambda: select(literal_column("nothing").label("number")).select_from(User))
    with pytest.raises(DBAPIError):
        await database.look_up(broken)
    assert len(await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)) == len(NAMES)


async def test_mariadb_keeps_the_statement(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps none: there is nothing to send it to")

    async def carried_out() -> int:
        async with database.read() as session:
            counted = await session.execute(text("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'"))
            return int(counted.one()[1])

    before = await carried_out()
    for _ in range(3):
        await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)
    assert await carried_out() >= before + 3


async def test_a_connection_that_was_closed_meanwhile_costs_nobody_his_answer(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no connection that somebody else could close")
    own = Lookup(Nobody, lambda: select(literal_column("CONNECTION_ID()").label("number")))
    (before,) = await database.look_up(own)
    async with database.read() as session:
        await session.execute(text(f"KILL {before.number}"))
    (after,) = await database.look_up(own)
    assert after != before


async def test_who_is_broken_off_leaves_no_answer_to_the_next(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite answers in a thread, which goes on to its end")
    slow = Lookup(Nobody, lambda: select(literal_column("SLEEP(20) + 7").label("number")))
    asking = asyncio.create_task(database.look_up(slow))
    async with database.read() as session:
        running = text("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(20) + 7%'")
        async with asyncio.timeout(10):
            while not (await session.execute(running)).scalar():
                await session.rollback()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert len(await database.look_up(PEOPLE, "oldest", since=MOMENT, limit=50)) == len(NAMES)
