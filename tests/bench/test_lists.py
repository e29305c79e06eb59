"""`csts bench lists`, as an operator runs it."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner, Result

from csts.bench.list_cases import cases_of
from csts.bench.list_requests import visiting
from csts.bench.town import COMMON, TICKET, Town
from csts.cli import app
from csts.search.index import Hunt, index_of
from csts.search.question import Unit
from csts.tickets.models import Ticket
from tests.people import ANA, hire
from tests.support.database import engine_for, sqlite_url

SIZE = ("--tickets", "300", "--messages", "1500")


def measure(url: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["bench", "lists", "--database", url, *SIZE, "--seconds", "0.1", *options])


def tickets_in(url: str) -> list[tuple[Any, ...]]:
    async def read() -> list[tuple[Any, ...]]:
        engine = engine_for(url)
        async with engine.connect() as connection:
            columns = (Ticket.status, Ticket.agent_id, Ticket.subject, Ticket.last_message_preview)
            found = (await connection.execute(select(*columns).order_by(Ticket.id))).all()
        await engine.dispose()
        return [tuple(row) for row in found]

    return asyncio.run(read())


def words_in(url: str) -> list[int]:
    """Pieces that the index of the database itself finds, for the most frequent word."""

    async def read() -> list[int]:
        engine = engine_for(url)
        async with AsyncSession(engine) as session:
            hits = index_of(session).hits(Hunt(Unit((COMMON[0],))), [0], below=10**6, most=10)
            found = [row.id for row in await session.execute(hits)]
        await engine.dispose()
        return found

    return asyncio.run(read())


def test_an_empty_database_is_filled_once_and_measured_again(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    beside = sqlite_url(tmp_path / "beside.db")
    done = measure(database_url, "--only", "open", "--json", str(file), "--beside", beside)
    # How long it takes on the machine of a test is nobody's business.
    assert done.exit_code in {0, 1}, done.output
    assert "Filling" in done.output
    assert "open -updated_at" in done.output
    found = json.loads(file.read_text())
    assert {figure["name"] for figure in found["figures"]} == {
        f"open {sort}"
        for sort in ("-created_at", "created_at", "-priority", "priority", "-updated_at", "awaiting_since")
    }
    assert all(figure["plans"] and figure["scans"] == [] for figure in found["figures"])
    assert found["pages_per_second"] > 0
    assert [request["name"] for request in found["requests"]] == [figure["name"] for figure in found["figures"]]
    assert all(request["p50"] > 0 and request["beside"][0] > 0 for request in found["requests"])
    assert found["requests_per_second"] > 0
    assert len(tickets_in(beside)) == 10
    assert words_in(database_url)
    again = measure(database_url, "--only", "counters")
    assert "Filling" not in again.output
    assert "counters" in again.output
    assert len(tickets_in(database_url)) == 300


@pytest.mark.once
async def test_each_list_is_a_request_that_the_desk_answers(tmp_path: Path) -> None:
    """Those of customers, too, those behind a row, and those with every filter."""
    url, town = sqlite_url(tmp_path / "town.db"), Town(tickets=300, messages=1500, seed=1)
    await asyncio.to_thread(measure, url, "--only", "counters")
    async with visiting([(url, town)]) as [desk]:
        asked = {name: await desk.ask(name, random.Random(0)) for name in desk.cases}
    assert len(asked) == len(cases_of(town)) - 1, "all but the counters"
    assert {"my tickets priority", "closed -created_at, deep", "mentions, open -mentioned_at"} < set(asked)


@pytest.mark.once
def test_a_seed_is_a_town(tmp_path: Path) -> None:
    urls = [sqlite_url(tmp_path / f"{name}.db") for name in "abc"]
    for url, seed in zip(urls, ("1", "1", "2"), strict=True):
        measure(url, "--seed", seed, "--only", "counters")
    first, same, other = map(tickets_in, urls)
    assert first == same
    assert first != other


@pytest.mark.once
def test_the_town_has_as_many_of_everything_as_it_says() -> None:
    town = Town(tickets=2000, messages=9000, seed=5)
    tickets, messages, tags, mentions = town.block(1, 2000)
    assert (len(tickets), len(messages)) == (2000, 9000)
    active = [row for row in tickets if row[6] in {"open", "in_progress", "waiting"}]
    assert 200 <= len(active) <= 300
    assert [row[0] for row in messages] == list(range(1, 9001))
    counted = {row[0]: 0 for row in tickets}
    for message in messages:
        counted[message[1]] += 1
        assert message[3] == counted[message[1]]
    assert {row[0]: row[TICKET.index("last_seq")] for row in tickets} == counted
    assert len({number for number, *_ in tags}) == len(tags) == pytest.approx(600, rel=0.1)
    assert {number for _, number, *_ in tags} <= {number for number, *_ in town.tags()}
    notes = {(row[1], row[3]) for row in messages if row[10]}
    assert {(row[0], row[2]) for row in mentions} < notes
    assert {row[0] for row in mentions} == {number for number, _ in notes}


@pytest.mark.once
async def test_a_database_with_other_data_is_refused(database_url: str) -> None:
    await hire(database_url, ANA)
    done = await asyncio.to_thread(measure, database_url)
    assert done.exit_code == 1
    assert "holds other data" in done.stderr
    engine = engine_for(database_url)
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(Ticket)) == 0
    await engine.dispose()


@pytest.mark.once
def test_a_question_that_nobody_asks_is_said_so(database_url: str) -> None:
    done = measure(database_url, "--only", "the weather")
    assert done.exit_code == 1
    assert "the weather" in done.stderr
