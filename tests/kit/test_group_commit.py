"""Who shares a commit: in which order, who fails alone, and what happens while the database is gone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from csts.customers.models import User
from csts.kit import group_commit
from csts.kit.bulk import Insert, JustInserted, Last, Program, Update
from csts.kit.carriers import Carrier
from csts.kit.db import Database
from csts.kit.errors import DatabaseBusy, DomainError, InternalError, NotFound
from csts.kit.group_commit import GroupCommit


class Numbered(msgspec.Struct, array_like=True):
    email: str
    id: int


_write = Insert(User, ("name", "email", "password_hash", "role", "created_at"))
_ids = JustInserted(User, Numbered)
_rename = Update(User, ("name", "created_at"), key="id")

R = TypeVar("R")

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What the column refuses: no row is written without a name.
NAMELESS = ""
STRANGER = "stranger"


def sign_in(names: Sequence[str], /, *, may_be_known: bool) -> Program[list[int | DomainError]]:
    """A row of the guest book for each; the number under which it stands."""
    rows = [(name or None, f"{name}@example.com", "x", "customer", NOW) for name in names if name != STRANGER]
    _, found = yield Last([_write(rows), _ids(rows)])
    numbers: dict[str, int] = {row.email: row.id for row in found}
    return [NotFound() if name == STRANGER else numbers[f"{name}@example.com"] for name in names]


class GuestBook:
    """A group commit over real rows, with what its commits told."""

    def __init__(self, carrier: Carrier, database: Database) -> None:
        self.carrier = carrier
        self.database = database
        self.batches: list[int] = []
        self.writer = GroupCommit[str, int](carrier, sign_in, self._told)

    async def _told(self, outcomes: Sequence[int | DomainError]) -> None:
        self.batches.append(len(outcomes))

    async def names(self) -> list[str]:
        async with self.database.read() as session:
            return list(await session.scalars(select(User.name).order_by(User.id)))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.writer.run())
            yield
            self.writer.close()

    async def post(self, *names: str) -> list[int | BaseException]:
        return await asyncio.gather(*map(self.writer.post, names), return_exceptions=True)


@pytest.fixture
async def book(app: FastAPI) -> AsyncIterator[GuestBook]:
    carrier = app.state.database.carrier()
    yield GuestBook(carrier, app.state.database)
    await carrier.close()


async def test_all_who_wait_share_one_commit_in_their_order(book: GuestBook) -> None:
    names = [f"guest {number:03}" for number in range(40)]
    waiting = asyncio.gather(*map(book.writer.post, names))
    await asyncio.sleep(0)
    async with book.writing():
        numbers = await waiting
    assert numbers == sorted(numbers)
    assert await book.names() == names
    assert book.batches == [40]


async def test_a_lone_item_is_written_at_once(book: GuestBook) -> None:
    async with book.writing():
        await book.post("Ana")
        await book.post("Ben")
    assert book.batches == [1, 1]


async def test_more_than_a_batch_takes_several(book: GuestBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "BATCH", 8)
    waiting = asyncio.gather(*(book.writer.post(f"guest {number}") for number in range(20)))
    await asyncio.sleep(0)
    async with book.writing():
        await waiting
    assert book.batches == [8, 8, 4]


async def test_a_batch_is_no_heavier_than_a_server_can_take(book: GuestBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "BATCH_WEIGHT", 20)
    monkeypatch.setattr(book.writer, "_weigh", len)
    waiting = asyncio.gather(*(book.writer.post(f"guest {number:03}") for number in range(6)))
    await asyncio.sleep(0)
    async with book.writing():
        await waiting
    assert book.batches == [3, 3]


async def test_who_cannot_be_told_keeps_nobody_else_from_it(book: GuestBook) -> None:
    def stumble(_outcome: object) -> None:
        raise ZeroDivisionError

    book.writer.submit("Ana", stumble)
    waiting = asyncio.ensure_future(book.writer.post("Ben"))
    await asyncio.sleep(0)
    async with book.writing():
        await waiting
        await book.post("Eve")
    assert await book.names() == ["Ana", "Ben", "Eve"]


async def test_what_is_refused_and_what_cannot_be_written_fail_alone(book: GuestBook) -> None:
    waiting = asyncio.ensure_future(book.post("Ana", STRANGER, "Ben", NAMELESS, "Eve"))
    await asyncio.sleep(0)
    async with book.writing():
        outcomes = await waiting
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [int, NotFound, int, InternalError, int]
    assert await book.names() == ["Ana", "Ben", "Eve"]


async def test_text_of_any_kind_comes_back_as_it_was(book: GuestBook) -> None:
    """Quotes, backslashes, emoji, percent signs, SQL: all of it is data."""
    names = ["O'Brien \\", "100 %s %(x)s ?", "😀 ñ 漢字", "'; DROP TABLE users; --", 'a "quoted" `name`']
    async with book.writing():
        await book.post(*names)
    assert await book.names() == names


async def test_rows_are_changed_together(book: GuestBook) -> None:
    later = datetime(2026, 3, 1, 13, 30, 15, 250000, tzinfo=UTC)

    def rename(numbers: Sequence[int]) -> Program[None]:
        yield [_rename([(f"No. {place}", later, number) for place, number in enumerate(numbers)])]

    async with book.writing():
        numbers = await book.post("Ana", "Ben", "Eve")
    await book.carrier.carry_out(rename([number for number in numbers[:2] if isinstance(number, int)]))
    async with book.database.read() as session:
        rows = (await session.execute(select(User.name, User.created_at).order_by(User.id))).all()
    assert [tuple(row) for row in rows] == [("No. 0", later), ("No. 1", later), ("Eve", NOW)]


class Broken:
    """A carrier whose line breaks: before anything is done, or after the commit and before its answer."""

    def __init__(self, carrier: Carrier, faults: list[tuple[Exception, bool]]) -> None:
        self._carrier = carrier
        self._faults = faults

    async def carry_out(self, program: Program[R]) -> R:
        if not self._faults:
            return await self._carrier.carry_out(program)
        fault, was_committed = self._faults.pop(0)
        if was_committed:
            await self._carrier.carry_out(program)
        raise fault

    async def close(self) -> None:
        await self._carrier.close()


def gone(number: int) -> OperationalError:
    return OperationalError("", {}, Exception(number, "gone"))


@pytest.mark.parametrize("fault", [ConnectionRefusedError(), gone(2013), gone(1213), gone(1205), EOFError()])
async def test_batch_is_repeated_until_the_database_is_back(book: GuestBook, fault: Exception) -> None:
    broken = Broken(book.carrier, [(fault, False), (fault, False)])
    book.writer._carrier = broken
    async with book.writing():
        await book.post("Ana", "Ben")
    assert await book.names() == ["Ana", "Ben"]


async def test_program_hears_that_its_batch_may_be_stored_already(book: GuestBook) -> None:
    heard: list[bool] = []

    def note(names: Sequence[str], /, *, may_be_known: bool) -> Program[list[int | DomainError]]:
        heard.append(may_be_known)
        return sign_in(names, may_be_known=may_be_known) if not may_be_known else remember(names)

    def remember(names: Sequence[str]) -> Program[list[int | DomainError]]:
        yield []
        return [7 for _ in names]

    book.writer._program = note
    book.writer._carrier = Broken(book.carrier, [(gone(2013), True)])
    async with book.writing():
        assert await book.writer.post("Ana") == 7
    assert (heard, await book.names()) == ([False, True], ["Ana"])


async def test_who_has_waited_too_long_is_told_so(book: GuestBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(group_commit, "LAST_PATIENCE_SECONDS", 0.0)
    async with book.writing():
        (outcome,) = await book.post("Ana")
    assert isinstance(outcome, DatabaseBusy)
    assert await book.names() == []


async def test_more_than_may_wait_is_refused_at_once(book: GuestBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOST_WAITING", 2)
    waiting = asyncio.ensure_future(book.post("Ana", "Ben", "Eve"))
    await asyncio.sleep(0)
    async with book.writing():
        outcomes = await waiting
    assert isinstance(outcomes[2], DatabaseBusy)
    assert await book.names() == ["Ana", "Ben"]


async def test_what_came_before_the_close_is_written(book: GuestBook) -> None:
    waiting = asyncio.gather(book.writer.post("Ana"), book.writer.post("Ben"))
    await asyncio.sleep(0)
    book.writer.close()
    await book.writer.run()
    await waiting
    assert await book.names() == ["Ana", "Ben"]
    with pytest.raises(DatabaseBusy):
        await book.writer.post("Eve")
