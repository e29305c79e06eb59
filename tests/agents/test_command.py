"""`csts agent`: the first accounts, made by whoever runs the desk."""

import asyncio
import os
import pty
import sys
from asyncio.subprocess import create_subprocess_exec
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from typer.testing import CliRunner, Result

from csts.cli import app
from tests.auth.sessions import is_signed_in
from tests.people import PASSWORD, Somebody
from tests.support.authenticator import set_up

NEW = "three red foxes at dawn"
Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Runs `csts agent ...` in the environment of this test, in a thread: a command has a loop of its own."""

    def command(*words: str, password: str = NEW, **changes: str) -> Result:
        return CliRunner().invoke(app, ["agent", *words], input=f"{password}\n", env=environment | changes)

    async def in_thread(*words: str, **options: str) -> Result:
        return await asyncio.to_thread(command, *words, **options)

    return in_thread


async def login(client: AsyncClient, password: str, username: str = "priya") -> int:
    return (await client.post("/agent/login", json={"username": username, "password": password})).status_code


async def test_an_admin_is_made_and_signs_in(run: Run, client: AsyncClient) -> None:
    result = await run("add", "Lee", "--name", "Lee Park", "--role", "admin")
    assert (result.exit_code, result.output) == (0, "lee can sign in at /desk/signin.\n")
    answer = await client.post("/agent/login", json={"username": "lee", "password": NEW})
    assert (answer.json()["agent"]["role"], answer.json()["agent"]["name"]) == ("admin", "Lee Park")


async def test_a_new_password_ends_the_sessions_of_the_old_one(run: Run, client: AsyncClient, priya: Somebody) -> None:
    result = await run("passwd", "PRIYA")
    assert (result.exit_code, result.output) == (0, "priya has a new password.\n")
    assert not await is_signed_in(priya)
    assert (await login(client, PASSWORD), await login(client, NEW)) == (401, 200)


@pytest.mark.usefixtures("priya")
@pytest.mark.parametrize(
    "words, password, sentence",
    [
        (["add", "priya", "--name", "Priya"], NEW, "Another agent has this username already."),
        (["add", "x y", "--name", "Lee"], NEW, "username: Please use 3 to 64"),
        (["add", "lee", "--name", " "], NEW, "name: Please fill this in."),
        (["add", "lee", "--name", "Lee"], "password1", "This password is on every attacker's list."),
        (["add", "lee", "--name", "Lee"], "", "Please use 8 to 128 characters."),
        (["passwd", "priya"], "priya", "Please use 8 to 128 characters."),
        (["passwd", "nobody"], NEW, "there is no agent with the username nobody."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
async def test_what_is_wrong_is_said_in_a_sentence(run: Run, words: list[str], password: str, sentence: str) -> None:
    result = await run(*words, password=password)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"csts: {sentence}")


@pytest.mark.parametrize(
    "url, sentence",
    [
        ("sqlite+aiosqlite:///{folder}/new.db", "Run: csts migrate"),
        ("mysql+asyncmy://127.0.0.1:1/x", "does not answer"),
    ],
    ids=["old", "silent"],
)
async def test_an_old_schema_and_a_silent_database_are_told_apart(
    run: Run, tmp_path: Path, url: str, sentence: str
) -> None:
    result = await run("passwd", "priya", CSTS_DATABASE_URL=url.format(folder=tmp_path))
    assert result.exit_code == 1
    assert sentence in result.stderr


async def test_a_password_that_somebody_types_is_asked_for_twice_and_not_shown(
    environment: dict[str, str], tmp_path: Path, client: AsyncClient
) -> None:
    ours, theirs = pty.openpty()
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "csts", "agent", "add", "lee", "--name", "Lee Park"),
        env={**os.environ, **environment},
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = await asyncio.to_thread(talk, ours)
    assert await process.wait() == 0
    assert NEW not in said
    assert await login(client, NEW, "lee") == 200


def talk(terminal: int) -> str:
    """Types the password at each prompt; what was said until the other side left (told as an error)."""
    said = b""
    with suppress(OSError):
        while part := os.read(terminal, 1024):
            said += part
            if said.endswith(b": "):
                os.write(terminal, f"{NEW}\n".encode())
    os.close(terminal)
    return said.decode()


async def test_a_customer_gets_a_new_password_and_his_sessions_end(
    environment: dict[str, str], client: AsyncClient, ana: Somebody
) -> None:
    def command(*words: str) -> Result:
        return CliRunner().invoke(app, ["customer", "passwd", *words], input=f"{NEW}\n", env=environment)

    result = await asyncio.to_thread(command, "ANA@example.com")
    assert (result.exit_code, result.output) == (0, "ana@example.com has a new password.\n")
    assert not await is_signed_in(ana)
    form = {"email": "ana@example.com", "password": NEW}
    assert (await client.post("/user/login", json=form)).status_code == 200
    for nobody in ("nobody@example.com", "nobody"):
        assert (await asyncio.to_thread(command, nobody)).exit_code == 1


async def test_a_lost_phone_is_forgotten(run: Run, client: AsyncClient, priya: Somebody) -> None:
    await set_up(priya)
    assert await login(client, PASSWORD) == 401
    result = await run("reset-factor", "PRIYA")
    assert (result.exit_code, result.output) == (
        0,
        "priya signs in with the password alone, and can set up a new second factor.\n",
    )
    assert not await is_signed_in(priya)
    assert await login(client, PASSWORD) == 200
    again = await run("reset-factor", "priya")
    assert (again.exit_code, again.output) == (1, "csts: There is no second factor on this account.\n")
