"""What was given up: admins see it, try it again or discard it, and after thirty days it is forgotten."""

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import update
from structlog.testing import capture_logs

from csts.jobs.sweeps import Retention, sweep, sweep_tasks
from csts.kit import clock
from csts.kit.tasks import StoredTask, Task, Work
from tests.auth.sessions import refusal
from tests.people import Somebody
from tests.support.command import run
from tests.support.firm import Book, Firm, rows

QUICK = 0.01


async def fail(_task: Task) -> None:
    raise LookupError("the printer is on fire")


async def give_up(url: str, *payloads: dict[str, Any], tries: int = 2) -> None:
    """So many tasks, tried until nobody tries them any more."""
    told = Book()
    work = Work(fail, given_up=told.write, most_attempts=tries, first_pause_seconds=QUICK)
    async with Firm(url, {"greet": work}) as firm:
        for number, payload in enumerate(payloads, 1):
            await firm.ask("greet", payload, key=f"greet:{number}")
            await told.until(number)


async def failed(who: Somebody, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get("/tasks/failed", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_an_admin_sees_what_was_given_up_and_why(database_url: str, mona: Somebody) -> None:
    await give_up(database_url, {"ticket_id": 7, "words": "private"})
    (task,) = await failed(mona)
    assert (task["name"], task["ticket_id"], task["tries"]) == ("greet", 7, 2)
    assert task["error"] == "LookupError('the printer is on fire')"
    assert task["created_at"] < task["failed_at"]
    assert "private" not in str(task)


async def test_work_that_its_process_died_of_was_tried_as_often_as_it_may(database_url: str, mona: Somebody) -> None:
    told = Book()
    async with Firm(database_url, {}) as boss:
        await boss.ask("greet")
        async with boss.database.write() as session:
            await session.execute(update(StoredTask).values(attempts=3, lease="of the dead"))
    async with Firm(database_url, {"greet": Work(fail, given_up=told.write, most_attempts=3)}):
        await told.until(1)
    assert [task["tries"] for task in await failed(mona)] == [3]


async def test_what_waits_is_no_failure(database_url: str, mona: Somebody) -> None:
    async with Firm(database_url, {}) as firm:
        await firm.ask("greet")
    assert await failed(mona) == []
    [row] = await rows(database_url)
    for answer in (await mona.post(f"/tasks/failed/{row.id}/retry"), await mona.delete(f"/tasks/failed/{row.id}")):
        assert refusal(answer) == (404, "not_found")


async def test_a_long_list_comes_in_pages_the_newest_first(database_url: str, mona: Somebody) -> None:
    await give_up(database_url, *({"ticket_id": number} for number in range(1, 6)), tries=1)
    page = (await mona.get("/tasks/failed", params={"limit": 3})).json()
    rest = await failed(mona, cursor=page["next_cursor"])
    assert [task["ticket_id"] for task in [*page["items"], *rest]] == [5, 4, 3, 2, 1]


async def test_what_is_tried_again_is_done_as_if_for_the_first_time(database_url: str, mona: Somebody) -> None:
    await give_up(database_url, {"name": "ana"})
    (task,) = await failed(mona)
    assert (await mona.post(f"/tasks/failed/{task['id']}/retry")).status_code == 204
    assert await failed(mona) == []
    book = Book()
    async with Firm(database_url, {"greet": Work(book.write)}):
        await book.until(1)
    assert [(each.payload, each.attempt, each.is_given_up) for each in book.lines] == [({"name": "ana"}, 1, False)]
    assert await rows(database_url) == []


async def test_of_two_admins_who_look_after_it_the_second_is_told(database_url: str, mona: Somebody) -> None:
    await give_up(database_url, {})
    (task,) = await failed(mona)
    path = f"/tasks/failed/{task['id']}"
    assert (await mona.delete(path)).status_code == 204
    for answer in (await mona.delete(path), await mona.post(f"{path}/retry")):
        assert refusal(answer) == (404, "not_found")
    assert await rows(database_url) == []


async def test_failures_are_kept_for_thirty_days_and_what_waits_for_as_long_as_it_takes(
    app: FastAPI, database_url: str
) -> None:
    await give_up(database_url, {})
    async with Firm(database_url, {}) as firm:
        await firm.ask("later")
    with clock.at(clock.now() + timedelta(days=29, hours=23)):
        assert await sweep_tasks(app.state.database) == 0
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        assert await sweep_tasks(app.state.database) == 1
    assert [row.name for row in await rows(database_url)] == ["later"]


async def test_who_sweeps_says_how_many_have_failed_and_nothing_when_none_has(app: FastAPI, database_url: str) -> None:
    told = []
    for _ in range(2):
        with capture_logs() as lines:
            await sweep(app.state.database, app.state.storage, Retention())
        told.append([line["count"] for line in lines if line["event"] == "tasks_failed"])
        await give_up(database_url, {}, {})
    assert told == [[], [2]]


async def test_check_says_how_many_have_failed_and_is_content(environment: dict[str, str], database_url: str) -> None:
    await give_up(database_url, {}, {})
    done = run(environment, "check")
    assert done.returncode == 0, done.stderr
    assert "tasks     2 failed for good; see Background work at /desk/assistant" in done.stdout
