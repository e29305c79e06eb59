"""`csts bench chat`, as an operator runs it: on a desk of its own, and on one that is there."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from csts.cli import app
from tests.bench.liar import lying
from tests.people import PASSWORD, PRIYA, hire
from tests.support.command import Done, run
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once]

Environment = dict[str, str]
SHORT = ("bench", "chat", "--rate", "50", "--tickets", "5", "--seconds", "2")


def judged(done: Done) -> Done:
    """With figures; a machine that is busy otherwise may have made them void, which the exit code tells."""
    assert "nothing lost" in done.stdout, done.stdout + done.stderr
    assert done.returncode == ("VOID" in done.stdout), done.stdout + done.stderr
    return done


def refused(done: Done) -> str:
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("csts: "), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def figures(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text()))


def test_a_desk_of_its_own_is_measured_and_gone_afterwards(environment: Environment, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    storms = ("--idle", "20", "--reconnect-storm", "--frozen", "1", "--logins", "2", "--login-storm", "3")
    done = judged(run(environment, *SHORT, *storms, "--json", str(file)))
    assert "50/s offered" in done.stdout
    found = figures(file)
    assert found["target"] == {"database": "sqlite", "workers": 1, "redis": False}
    assert found["machine"]["versions"].keys() == {"csts", "uvicorn", "uvloop", "picows"}
    assert len(found["machine"]["load_average_before"]) == 3
    quiet, disturbed = found["steps"]
    assert (quiet["label"], disturbed["label"]) == ("quiet", "disturbed")
    assert quiet["sent"] == quiet["acknowledged"] == quiet["delivered"] == 100
    assert quiet["server_cpu"] > 0
    assert found["idle"]["sockets"] == 20
    (told,) = found["disturbances"]
    assert told["frozen"]["sockets"] == 1
    assert told["logins"]["answered"] == 4
    assert told["login_storm"]["failed"] == 0
    assert told["reconnect_storm"]["sockets"] == 20


def test_the_assistant_is_asked_what_it_has_learnt(environment: Environment, tmp_path: Path) -> None:
    articles, file = tmp_path / "articles.jsonl", tmp_path / "figures.json"
    article = {"topic": "card", "title": "Where is my card?", "answer": "In the post.", "examples": ["my card is late"]}
    articles.write_text(json.dumps(article) + "\n")
    asking = ("--questions", "3", "--knowledge", str(articles))
    environment = {**environment, "CSTS_ASSISTANT": "1", "CSTS_JOBS": "1"}
    done = judged(run(environment, *SHORT, *asking, "--json", str(file)))
    (told,) = figures(file)["disturbances"]
    assert told["questions"]["sources"] == {"knowledge": 6}
    assert "3 questions a second" in done.stdout


async def test_a_desk_that_runs_is_measured(server: Server, environment: Environment, database_url: str) -> None:
    await hire(database_url, PRIYA)
    judged(run(environment, *SHORT, "--url", server.url, "--agent", PRIYA.login, typed=f"{PASSWORD}\n"))


async def test_a_wrong_password_is_said_so(server: Server, environment: Environment, database_url: str) -> None:
    await hire(database_url, PRIYA)
    done = run(environment, *SHORT, "--url", server.url, "--agent", PRIYA.login, typed="guess\n")
    assert "401" in refused(done)


class TestLimits:
    """A desk that people use has limits; whoever runs into one is told which it is."""

    @pytest.fixture
    def environment(self, environment: Environment) -> Environment:
        return {**environment, "CSTS_LIMIT_TICKETS": "4/hour", "CSTS_SOCKETS_PER_PERSON": "3"}

    async def test_the_limit_of_tickets(self, server: Server, environment: Environment, database_url: str) -> None:
        await hire(database_url, PRIYA)
        done = run(environment, *SHORT, "--url", server.url, "--agent", PRIYA.login, typed=f"{PASSWORD}\n")
        assert "CSTS_LIMIT_TICKETS" in refused(done)

    async def test_the_limit_of_sockets(self, server: Server, environment: Environment, database_url: str) -> None:
        await hire(database_url, PRIYA)
        words = (*SHORT, "--tickets", "4", "--url", server.url, "--agent", PRIYA.login)
        assert "CSTS_SOCKETS_PER_PERSON" in refused(run(environment, *words, typed=f"{PASSWORD}\n"))


async def test_what_is_lost_fails_the_command(environment: Environment) -> None:
    async with lying("never delivers") as url:
        done = await run_aside(environment, *SHORT, "--url", url, "--plain")
    assert done.returncode == 1
    assert "lost" in done.stdout


async def test_the_limit_of_messages_is_named(environment: Environment) -> None:
    async with lying("refuses") as url:
        done = await run_aside(environment, *SHORT, "--url", url, "--plain")
    assert done.returncode == 1
    assert "CSTS_LIMIT_MESSAGES" in done.stdout


async def run_aside(environment: Environment, *words: str) -> Done:
    """In a thread, for the server that it talks to lives on this loop."""
    return await asyncio.to_thread(run, environment, *words)


@pytest.mark.parametrize(
    "words, told",
    [
        (("--url", "http://127.0.0.1:1", "--plain"), "cannot be reached"),
        (("--url", "http://127.0.0.1:1"), "--agent"),
        (("--url", "here", "--plain"), "http://"),
        (("--steps", "100,fast"), "--steps"),
        (("--reconnect-storm",), "--idle"),
        (("--questions", "20"), "--knowledge"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(words: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(app, ["bench", "chat", *words])
    assert done.exit_code == 1
    assert told in done.stderr


@pytest.mark.parametrize(
    "words, told",
    [
        (("--database", "mysql+asyncmy://somebody:hush@127.0.0.1:1/csts"), "the database does not answer"),
        (("--workers", "2"), "Redis"),
    ],
)
def test_a_desk_that_cannot_be_started_says_why(environment: Environment, words: tuple[str, ...], told: str) -> None:
    done = run(environment, *SHORT, *words)
    assert told in refused(done)
    assert "hush" not in done.stderr


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picows", None)
    done = CliRunner().invoke(app, ["bench", "chat"])
    assert done.exit_code == 1
    assert "pip install picows" in done.stderr
