"""`csts serve --workers`: one of the processes does the jobs, and when it dies in the middle of one, they go on."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.assistant.learning import LEARN
from csts.assistant.models import LearntModel
from tests.assistant.conftest import ARTICLES
from tests.support.command import run
from tests.support.database import engine_for
from tests.support.firm import rows
from tests.support.redis import Redis
from tests.support.workers import Workers

# A lease of half a minute has to run out first.
pytestmark = [pytest.mark.sockets, pytest.mark.once, pytest.mark.timeout(400)]
PATIENCE_SECONDS = 180


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """A desk with articles of which nothing has been learnt yet, and with jobs in one of its processes."""
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(json.dumps(article) for article in ARTICLES))
    assert run(environment, "knowledge", "import", str(file)).returncode == 0
    redis = Redis()
    redis.start()
    yield environment | {"CSTS_REDIS_URL": redis.url, "CSTS_JOBS": "1", "CSTS_ASSISTANT": "1"}
    redis.stop()


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Workers]:
    with Workers(environment, tmp_path) as running:
        yield running


def does_jobs(pid: int) -> bool:
    return b"CSTS_JOBS=1" in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")


async def lease(url: str) -> str:
    """Waits until somebody learns; under which lease."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for task in await rows(url):
                if task.name == LEARN and task.lease:
                    return task.lease
            await asyncio.sleep(0.02)


async def learnt(url: str) -> Sequence[LearntModel]:
    """Waits until nothing is left to do; what was learnt."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await rows(url):  # noqa: ASYNC110 - other processes ring no bell in this one
            await asyncio.sleep(0.1)
    engine = engine_for(url)
    async with AsyncSession(engine) as session:
        models = (await session.scalars(select(LearntModel))).all()
    await engine.dispose()
    return models


async def test_when_the_process_with_the_jobs_is_killed_another_one_goes_on_with_its_task(
    server: Workers, database_url: str
) -> None:
    workers = await asyncio.to_thread(server.workers)
    (victim,) = filter(does_jobs, workers)
    before = await lease(database_url)
    os.kill(victim, signal.SIGKILL)
    after = await asyncio.to_thread(server.workers, without=victim)
    assert set(after) & set(workers) == set(workers) - {victim}
    assert len(list(filter(does_jobs, after))) == 1
    [left] = await rows(database_url)
    assert left.lease == before

    assert len(await learnt(database_url)) == 1
    assert '"code": -9' in server.said()
