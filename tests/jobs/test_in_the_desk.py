"""Where the queue stands in the whole desk: in a server that has jobs, and in `csts work`."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from csts.app import create_app
from csts.kit.tasks import Work, enqueue
from csts.settings import Settings
from tests.support.command import Streams, start
from tests.support.firm import PATIENCE_SECONDS, Book, rows


async def test_a_desk_with_jobs_does_what_is_left_for_it(settings: Settings, database_url: str) -> None:
    book = Book()
    app = create_app(settings.model_copy(update={"jobs": True}))
    async with app.router.lifespan_context(app):
        app.state.works["greet"] = Work(book.write)
        async with app.state.database.write() as session:
            await enqueue(session, "greet", {"name": "ana"})
        [task] = await book.until(1)
    assert task.payload == {"name": "ana"}
    assert await rows(database_url) == []


@pytest.mark.sockets
@pytest.mark.once
async def test_the_command_works_until_it_is_told_to_end(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "work.log"
    process = start({**environment, "CSTS_LOG_FORMAT": "json"}, ("work",), Streams(Path(os.devnull), log, log))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not log.exists() or "swept" not in log.read_text():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert process.pid
    os.kill(process.pid, signal.SIGTERM)
    await asyncio.to_thread(process.join, PATIENCE_SECONDS)
    assert process.exitcode == 0, log.read_text()
