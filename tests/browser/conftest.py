"""A desk in a process of its own that knows what the tests of the assistant ask."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.assistant.conftest import ARTICLES, KNOWN
from tests.people import Somebody
from tests.support.command import run
from tests.support.server import Server

LEARNT_WITHIN_SECONDS = 90


@pytest.fixture
async def learnt(server: Server, environment: dict[str, str], tmp_path: Path, ana: Somebody) -> None:
    """A desk that has imported its articles, and learnt them: from then on it answers at once."""
    file = tmp_path / "articles.jsonl"
    file.write_text("\n".join(json.dumps(article) for article in ARTICLES))
    imported = await asyncio.to_thread(run, environment, "knowledge", "import", str(file))
    assert imported.returncode == 0, imported.stderr
    async with asyncio.timeout(LEARNT_WITHIN_SECONDS):
        while True:
            answer = await ana.post("/assistant/ask", {"question": KNOWN["description"]}, timeout=LEARNT_WITHIN_SECONDS)
            if answer.json()["answer"]:
                return
            await asyncio.sleep(0.2)
