"""The queue as those see it who leave work in it: what was committed is done, once where it says so, or given up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from csts.kit import clock, leases
from csts.kit.bulk import Program
from csts.kit.db import Database, announce
from csts.kit.tasks import LeaseLost, Queue, State, Task, enqueue
from tests.support.firm import Firm, rows

NAMES = ("greet",)


@pytest.fixture
async def firm(database_url: str) -> AsyncIterator[Firm]:
    """One that does nothing by itself: the tests claim."""
    async with Firm(database_url, {}) as firm:
        yield firm


@pytest.fixture
def database(firm: Firm) -> Database:
    return firm.database


async def claim(database: Database, lease_seconds: float = 30) -> list[Task]:
    return list(await database.carry_out(partial(leases.claim, names=NAMES, limit=10, lease_seconds=lease_seconds)))


async def finish(database: Database, task: Task) -> None:
    async with database.write() as session:
        await task.finish(session)


async def test_a_claimed_task_is_nobody_elses_until_its_lease_runs_out(firm: Firm, database: Database) -> None:
    await firm.ask("greet", {"name": "ana"})
    [task] = await claim(database)
    assert (task.payload, task.attempt) == ({"name": "ana"}, 1)
    assert await claim(database) == []


async def test_of_two_who_believe_that_they_have_a_task_one_can_finish_it(firm: Firm, database: Database) -> None:
    await firm.ask("greet")
    [slow] = await claim(database, lease_seconds=0)
    [quick] = await claim(database)
    with pytest.raises(LeaseLost):
        await finish(database, slow)
    with pytest.raises(LeaseLost):
        await database.carry_out(partial(leases.retry, task=slow, seconds=0, error=""))
    await finish(database, quick)
    with pytest.raises(LeaseLost):
        await finish(database, quick)
    assert await rows(firm.url) == []


async def test_a_task_is_finished_with_its_effect_or_not_at_all(firm: Firm, database: Database) -> None:
    await firm.ask("greet")
    [task] = await claim(database)

    async def fail_after_finishing() -> None:
        async with database.write() as session:
            await task.finish(session)
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_finishing()
    assert len(await rows(firm.url)) == 1
    await finish(database, task)
    assert await rows(firm.url) == []


async def test_the_same_work_is_queued_once_and_with_the_latest_words(firm: Firm, database: Database) -> None:
    for word in ("first", "second", "third"):
        await firm.ask("greet", {"word": word}, key="ana")
    await firm.ask("greet", {"word": "other"}, key="Ana")
    assert [task.payload["word"] for task in await claim(database)] == ["third", "other"]


async def test_work_without_a_key_is_never_merged(firm: Firm, database: Database) -> None:
    await firm.ask("greet")
    await firm.ask("greet")
    assert len(await claim(database)) == 2


async def test_what_is_asked_for_again_while_it_is_under_way_is_done_again(firm: Firm, database: Database) -> None:
    await firm.ask("greet", {"word": "first"}, key="ana")
    [task] = await claim(database)
    await firm.ask("greet", {"word": "second"}, key="ana")
    await firm.ask("greet", {"word": "third"}, key="ana")
    assert await claim(database) == []
    await finish(database, task)

    [again] = await claim(database)
    assert (again.payload, again.attempt) == ({"word": "third"}, 1)
    await finish(database, again)
    assert await rows(firm.url) == []


async def test_asking_again_does_not_use_up_the_attempts_of_what_waits(firm: Firm, database: Database) -> None:
    await firm.ask("greet", key="ana")
    [task] = await claim(database)
    await database.carry_out(partial(leases.retry, task=task, seconds=100, error="busy"))
    await firm.ask("greet", key="ana")
    assert await claim(database) == []


async def test_what_was_asked_for_while_it_was_given_up_is_begun_anew(firm: Firm, database: Database) -> None:
    await firm.ask("greet", {"word": "first"}, key="ana")
    [task] = await claim(database)
    await database.carry_out(partial(leases.give_up, task=task, tries=1, error="never"))
    await firm.ask("greet", {"word": "second"}, key="ana")
    [given_up] = await claim(database)
    assert given_up.is_given_up
    await finish(database, given_up)

    [again] = await claim(database)
    assert (again.payload, again.is_given_up) == ({"word": "second"}, False)
    assert [row.state for row in await rows(firm.url)] == [State.FAILED, State.WAITING]


async def test_a_task_waits_for_its_moment(firm: Firm, database: Database) -> None:
    async with database.read() as session:
        assert await leases.seconds_to_next(session, NAMES) is None
    await firm.ask("greet", key="ana", run_at=clock.now() + timedelta(seconds=60))
    assert await claim(database) == []
    async with database.read() as session:
        assert 50 < (await leases.seconds_to_next(session, NAMES) or 0) <= 60
    await firm.ask("greet", key="ana")
    assert len(await claim(database)) == 1, "the earlier moment counts"


async def test_the_bell_keeps_its_own_news_and_passes_on_the_others(firm: Firm, database: Database) -> None:
    async with database.write() as session:
        await enqueue(session, "greet", {})
        announce(session, "desk", "news")
    assert firm.published == [("desk", "news")]


async def test_programs_that_share_commits_may_leave_tasks_as_well(firm: Firm, database: Database) -> None:
    def program() -> Program[None]:
        yield [Queue()([("greet", "ana", {"n": 1}, 0), ("greet", "ben", {"n": 2}, 0), ("greet", "ana", {"n": 3}, 0)])]

    carrier = database.carrier()
    await carrier.carry_out(program())
    await carrier.close()
    assert sorted((task.key, task.payload["n"]) for task in await claim(database)) == [("ana", 3), ("ben", 2)]


async def test_tasks_of_an_unknown_name_wait_for_somebody_who_knows_it(firm: Firm, database: Database) -> None:
    await firm.ask("sing")
    assert await claim(database) == []
    assert len(await rows(firm.url)) == 1
