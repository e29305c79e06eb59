"""The unit of work: what is committed, what is published, and in which order, on each database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.customers.models import User
from csts.kit.db import Announcement, Database, announce, happened, settle

WRITERS = 25


@dataclass(frozen=True)
class Greeted:
    name: str


@dataclass(frozen=True)
class Thanked:
    name: str


class Diary:
    """Everything that a database did beside storing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        self.lines += [f"{channel} hears {message}" for channel, message in announcements]

    async def greet(self, session: AsyncSession, fact: Greeted) -> None:
        self.lines.append(f"greeted {fact.name}")
        happened(session, Thanked(fact.name))

    async def thank(self, session: AsyncSession, fact: Thanked) -> None:
        self.lines.append(f"thanked {fact.name}")
        announce(session, "street", fact.name)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
async def database(database_url: str, diary: Diary) -> AsyncIterator[Database]:
    opened = Database(database_url, publish=diary.publish, reactions={Thanked: diary.thank, Greeted: diary.greet})
    yield opened
    await opened.close()


def user(name: str, **facts: datetime) -> User:
    return User(name=name, email=f"{name}@example.com", password_hash="", **facts)


async def count(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(User)) or 0


async def test_what_is_announced_is_heard_after_the_commit(database: Database, diary: Diary) -> None:
    async with database.write() as session:
        session.add(user("ana"))
        announce(session, "desk", "first")
        announce(session, "room", "second")
        assert diary.lines == []
    assert diary.lines == ["desk hears first", "room hears second"]
    assert await count(database) == 1


async def test_what_fails_is_neither_stored_nor_heard(database: Database, diary: Diary) -> None:
    async def fail() -> None:
        async with database.write() as session:
            session.add(user("ana"))
            announce(session, "desk", "first")
            happened(session, Greeted("ana"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert diary.lines == []
    assert await count(database) == 0


async def test_facts_are_reacted_to_once_and_in_order(database: Database, diary: Diary) -> None:
    async with database.write() as session:
        happened(session, Greeted("ana"))
        happened(session, Greeted("ana"))
        happened(session, Thanked("ben"))
    assert diary.lines == ["thanked ben", "greeted ana", "thanked ana", "street hears ben", "street hears ana"]


async def test_who_settles_reads_what_will_be_committed(database: Database, diary: Diary) -> None:
    async with database.write() as session:
        happened(session, Greeted("ana"))
        await settle(session)
        assert diary.lines == ["greeted ana", "thanked ana"]
    assert diary.lines[2:] == ["street hears ana"]


async def test_a_reader_changes_nothing(database: Database) -> None:
    async with database.read() as session:
        session.add(user("ana"))
        await session.flush()
    assert await count(database) == 0


async def test_no_update_is_lost_between_many_writers(database: Database) -> None:
    async with database.write() as session:
        session.add(user("0"))

    async def count_up() -> None:
        async with database.write() as session:
            found = (await session.scalars(select(User).with_for_update())).one()
            found.name = str(int(found.name) + 1)

    await asyncio.gather(*(count_up() for _ in range(WRITERS)))
    async with database.read() as session:
        assert (await session.scalars(select(User.name))).one() == str(WRITERS)


async def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    async with database.write() as session:
        session.add(user("ana", created_at=datetime(2026, 3, 2)))  # noqa: DTZ001 - the point
        with pytest.raises(StatementError, match="time zone"):
            await session.flush()
        await session.rollback()


async def test_errors_do_not_quote_what_was_to_be_stored(database: Database) -> None:
    async with database.write() as session:
        session.add(user("private", created_at=datetime(2026, 3, 2)))  # noqa: DTZ001 - the point
        with pytest.raises(StatementError) as raised:
            await session.flush()
        await session.rollback()
    assert "private" not in str(raised.value)
