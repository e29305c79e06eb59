"""Runners at work: each task is done, whatever fails, stops or is killed, or somebody hears of it."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from csts.jobs import tasks
from csts.kit import clock, metrics
from csts.kit.db import Database
from csts.kit.tasks import Later, State, StoredTask, Task, Work, enqueue
from tests.support.firm import PATIENCE_SECONDS, Book, DoomedFirm, Firm, rows

QUICK = 0.01


@pytest.fixture
def book() -> Book:
    return Book()


async def stay(_task: Task) -> None:
    await asyncio.Event().wait()


async def test_committed_work_is_done_and_rolled_back_work_never(database_url: str, book: Book) -> None:
    async with Firm(database_url, {"greet": Work(book.write)}) as firm:
        with pytest.raises(LookupError):
            await ask_in_vain(firm.database)
        await firm.ask("greet", {"name": "ana"})
        await book.until(1)
    assert [task.payload for task in book.lines] == [{"name": "ana"}]
    assert await rows(database_url) == []


async def ask_in_vain(database: Database) -> None:
    async with database.write() as session:
        await enqueue(session, "greet", {"name": "nobody"})
        raise LookupError


async def test_a_task_of_this_process_begins_without_waiting_to_be_looked_for(
    database_url: str, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "POLL_SECONDS", 3600)
    async with Firm(database_url, {"greet": Work(book.write)}) as firm:
        for count in range(1, 4):
            await firm.ask("greet")
            await book.until(count)


async def test_a_task_of_another_process_is_found_by_looking(database_url: str, book: Book) -> None:
    async with Firm(database_url, {"greet": Work(book.write)}), Firm(database_url, {}) as other:
        await other.ask("greet")
        await book.until(1)


async def test_two_runners_share_what_there_is_and_each_task_is_done_once(database_url: str, book: Book) -> None:
    async with Firm(database_url, {}) as boss, boss.database.write() as session:
        for number in range(200):
            await enqueue(session, "greet", {"number": number})
    works = {"greet": Work(book.write)}
    async with Firm(database_url, works), Firm(database_url, works):
        await book.until(200)
    assert Counter(task.payload["number"] for task in book.lines) == Counter(range(200))
    assert await rows(database_url) == []


async def test_no_more_are_under_way_than_it_was_told(database_url: str) -> None:
    gate, full = asyncio.Event(), asyncio.Event()
    inside, most = set[int](), list[int]()

    async def pass_gate(task: Task) -> None:
        inside.add(task.id)
        most.append(len(inside))
        if len(inside) == 2:
            full.set()
        await gate.wait()
        inside.discard(task.id)

    done = Book()

    async def work(task: Task) -> None:
        await pass_gate(task)
        await done.write(task)

    async with Firm(database_url, {"greet": Work(work)}, at_once=2) as firm:
        for _ in range(6):
            await firm.ask("greet")
        await full.wait()
        gate.set()
        await done.until(6)
    assert max(most) == 2


async def test_the_task_of_a_killed_worker_is_done_by_another(database_url: str, book: Book) -> None:
    async with Firm(database_url, {}) as boss:
        await boss.ask("greet", {"name": "ana"})
    doomed = DoomedFirm(database_url, "greet", lease_seconds=1)
    try:
        assert await asyncio.to_thread(doomed.began)
        async with Firm(database_url, {"greet": Work(book.write)}):
            doomed.kill()
            [task] = await book.until(1)
    finally:
        doomed.kill()
    assert (task.payload, task.attempt) == ({"name": "ana"}, 2)
    assert await rows(database_url) == []


async def test_a_living_worker_keeps_its_task_for_longer_than_a_lease(database_url: str) -> None:
    begun, two_leases_later = Book(), asyncio.Event()

    async def outlast(task: Task) -> None:
        await begun.write(task)
        await asyncio.wait_for(two_leases_later.wait(), PATIENCE_SECONDS)

    async def end_it(_task: Task) -> None:
        two_leases_later.set()

    works = {"outlast": Work(outlast), "end": Work(end_it)}
    async with Firm(database_url, works, lease_seconds=1.5) as firm, Firm(database_url, works):
        await firm.ask("outlast")
        await begun.until(1)
        await firm.ask("end", run_at=clock.now() + timedelta(seconds=3.2))
        await asyncio.wait_for(two_leases_later.wait(), PATIENCE_SECONDS)
    assert len(begun.lines) == 1


async def test_work_whose_lease_is_lost_is_ended(database_url: str, book: Book) -> None:
    ended = asyncio.Event()

    async def notice(task: Task) -> None:
        try:
            await book.write(task)
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with Firm(database_url, {"greet": Work(notice)}, lease_seconds=0.3) as firm:
        await firm.ask("greet")
        await book.until(1)
        async with firm.database.write() as session:
            await session.execute(update(StoredTask).values(lease="somebody else", due_at=None))
        await asyncio.wait_for(ended.wait(), PATIENCE_SECONDS)
    assert [row.lease for row in await rows(database_url)] == ["somebody else"]


async def test_what_fails_is_tried_again(database_url: str, book: Book) -> None:
    async def fail_twice(task: Task) -> None:
        await book.write(task)
        if task.attempt < 3:
            raise LookupError

    async with Firm(database_url, {"greet": Work(fail_twice, first_pause_seconds=QUICK)}) as firm:
        await firm.ask("greet")
        await book.until(3)
    assert [task.attempt for task in book.lines] == [1, 2, 3]
    assert await rows(database_url) == []


def test_the_pauses_between_attempts_double_up_to_the_longest() -> None:
    work = Work(stay, first_pause_seconds=1, longest_pause_seconds=5)
    assert [work.pause_seconds(attempt) for attempt in (1, 2, 3, 4, 10_000)] == [1, 2, 4, 5, 5]


async def test_what_failed_waits_for_its_pause_and_keeps_what_was_wrong(database_url: str, book: Book) -> None:
    async def fail(task: Task) -> None:
        await book.write(task)
        raise LookupError

    async with Firm(database_url, {"greet": Work(fail, first_pause_seconds=100)}) as firm:
        await firm.ask("greet")
        await book.until(1)
    [row] = await rows(database_url)
    assert row.due_at
    assert 49 < (row.due_at - row.created_at).total_seconds() < 100 + PATIENCE_SECONDS
    assert (row.attempts, row.last_error, row.lease) == (1, "LookupError()", None)


async def test_what_cannot_be_done_is_given_up_and_somebody_hears_of_it(database_url: str, book: Book) -> None:
    told = Book()

    async def fail(task: Task) -> None:
        await book.write(task)
        raise LookupError("no such person")

    async def tell(task: Task) -> None:
        await told.write(task)
        if len(told.lines) == 1:
            raise LookupError("nobody there to be told")

    work = Work(fail, given_up=tell, most_attempts=2, first_pause_seconds=QUICK)
    async with Firm(database_url, {"greet": work}) as firm:
        await firm.ask("greet", {"name": "ana"}, key="ana")
        await told.until(2)
    assert [task.attempt for task in book.lines] == [1, 2]
    assert [task.is_given_up for task in told.lines] == [True, True]
    [row] = await rows(database_url)
    assert (row.state, row.merge_key, row.due_at, row.payload) == (State.FAILED, None, None, {"name": "ana"})


async def test_work_that_kills_its_process_each_time_is_given_up_without_another_try(
    database_url: str, book: Book
) -> None:
    told = Book()
    async with Firm(database_url, {}) as boss:
        await boss.ask("greet")
        async with boss.database.write() as session:
            await session.execute(update(StoredTask).values(attempts=3, lease="of the dead"))
    async with Firm(database_url, {"greet": Work(book.write, given_up=told.write, most_attempts=3)}):
        await told.until(1)
    assert book.lines == []


async def test_what_comes_too_early_is_tried_later_and_that_is_no_attempt(database_url: str, book: Book) -> None:
    async def wait_for_the_third(task: Task) -> None:
        await book.write(task)
        if len(book.lines) < 3:
            raise Later(QUICK)

    async with Firm(database_url, {"greet": Work(wait_for_the_third, most_attempts=1)}) as firm:
        await firm.ask("greet")
        await book.until(3)
    assert [task.attempt for task in book.lines] == [1, 1, 1]
    assert await rows(database_url) == []


async def test_work_that_takes_too_long_has_failed(database_url: str, book: Book) -> None:
    work = Work(stay, given_up=book.write, most_attempts=1, timeout_seconds=QUICK)
    async with Firm(database_url, {"greet": work}) as firm:
        await firm.ask("greet")
        await book.until(1)
    [row] = await rows(database_url)
    assert (row.state, row.last_error) == (State.FAILED, "TimeoutError()")


async def test_who_stops_gives_back_what_he_has_not_done(
    database_url: str, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "GRACE_SECONDS", QUICK)

    async def begin_and_stay(task: Task) -> None:
        await book.write(task)
        await stay(task)

    async with Firm(database_url, {"greet": Work(begin_and_stay)}, lease_seconds=3600) as firm:
        await firm.ask("greet")
        await book.until(1)
    async with Firm(database_url, {"greet": Work(book.write)}):
        first, second = await book.until(2)
    assert (first.id, first.attempt) == (second.id, second.attempt)


async def test_what_was_done_is_not_done_again_when_its_work_finishes_it(database_url: str, book: Book) -> None:
    async with Firm(database_url, {}) as boss:

        async def finish(task: Task) -> None:
            async with boss.database.write() as session:
                await task.finish(session)
            await book.write(task)
            raise LookupError("after the commit")

        async with Firm(database_url, {"greet": Work(finish)}) as firm:
            await firm.ask("greet")
            await book.until(1)
        assert await rows(database_url) == []
        assert len(book.lines) == 1


async def test_outcomes_are_counted(database_url: str, book: Book) -> None:
    done = metrics.TASKS.labels("count me", "done")
    before = done._value.get()
    async with Firm(database_url, {"count me": Work(book.write)}) as firm:
        await firm.ask("count me")
        await book.until(1)
    assert done._value.get() == before + 1
