"""A desk of its own for one measurement: its limits off, its files in a temporary folder, gone afterwards."""

import asyncio
import os
import re
import secrets
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from csts.bench.cast import Agent
from csts.bench.http import Site
from csts.bench.plan import Unmeasured

START_SECONDS, STOP_SECONDS, LEARN_SECONDS = 60, 15, 600
_ADDRESS = re.compile(rb"https?://[\w.\[\]:-]+:\d+")


@dataclass(frozen=True)
class Own:
    """How the desk that is started for the measurement should run."""

    database: str = ""
    workers: int = 1
    redis: str = ""
    # Articles that it has learnt before anything is measured.
    knowledge: Path | None = None
    # An agent and a customer of this database, who get the password of the agent that is made otherwise.
    agent: str = ""
    customer: str = ""

    def environment(self, folder: Path) -> dict[str, str]:
        limits = ("LOGIN", "REGISTER", "TICKETS", "MESSAGES", "UPLOADS", "ASSISTANT")
        return {
            **os.environ,
            **{f"CSTS_LIMIT_{name}": "" for name in limits},
            "CSTS_HOST": "127.0.0.1",
            "CSTS_DATA": str(folder),
            "CSTS_UPLOADS": str(folder / "uploads"),
            "CSTS_DATABASE_URL": self.database or f"sqlite+aiosqlite:///{folder / 'csts.db'}",
            "CSTS_REDIS_URL": self.redis,
            "CSTS_SECRET_KEY": secrets.token_hex(32),
            "CSTS_DEMO": "0",
            "CSTS_PUBLIC_URL": "",
            "CSTS_SOCKETS_PER_PERSON": "0",
            # Longer than any measurement: a socket ends with its token.
            "CSTS_ACCESS_TOKEN_SECONDS": "86400",
        }


@dataclass(frozen=True)
class Running:
    site: Site
    agent: Agent
    pid: int


@asynccontextmanager
async def own_desk(own: Own) -> AsyncIterator[Running]:
    """`csts serve`, ready, with an agent's account. Raises Unmeasured with what it said when it does not start."""
    with tempfile.TemporaryDirectory(prefix="csts-bench-") as folder:
        environment = own.environment(Path(folder))
        agent = Agent(own.agent or f"bench-{secrets.token_hex(4)}", secrets.token_hex(16))
        if own.database:  # SQLite is migrated by the server
            await _run(environment, ["migrate"])
        log = Path(folder, "log")
        workers = ["--workers", str(own.workers)] if own.workers > 1 else []
        server = await _csts(environment, ["serve", "--port", "0", *workers], stdout=_opened(log))
        try:
            site = await _ready(server, log)
            words = ["passwd", own.agent] if own.agent else ["add", agent.username, "--name", "Bench agent"]
            await _run(environment, ["agent", *words], typed=agent.password)
            if own.customer:
                await _run(environment, ["customer", "passwd", own.customer], typed=agent.password)
            if own.knowledge:
                await _run(environment, ["knowledge", "import", str(own.knowledge.absolute())])
                await _learnt(server, log)
            yield Running(site, agent, server.pid)
        finally:
            await _stop(server)


async def _run(environment: dict[str, str], words: list[str], typed: str = "") -> None:
    command = await _csts(environment, words, stdin=PIPE)
    said, _ = await command.communicate(f"{typed}\n".encode())
    if command.returncode:
        raise Unmeasured(f"csts {words[0]} failed: {_last_line(said)}")


async def _csts(environment: dict[str, str], words: list[str], stdin: int = DEVNULL, stdout: int = PIPE) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "csts", *words),
        env=environment,
        # Away from a `.env` that is meant for another desk.
        cwd=environment["CSTS_DATA"],
        stdin=stdin,
        stdout=stdout,
        stderr=STDOUT,
    )


async def _ready(server: Process, log: Path) -> Site:
    """The address that it tells, once it answers there."""
    try:
        async with asyncio.timeout(START_SECONDS):
            while server.returncode is None:
                site = _site_told(log)
                if site and await _answers(site):
                    return site
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Unmeasured(f"csts serve was not ready in {START_SECONDS} s: {_end_of(log)}") from None
    raise Unmeasured(f"csts serve ended: {_end_of(log)}")


async def _learnt(server: Process, log: Path) -> None:
    """Returns when the better one of its two models is there, for to learn it disturbs what is measured."""
    try:
        async with asyncio.timeout(LEARN_SECONDS):
            while server.returncode is None:
                if _tells_of_learning(log):
                    return
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise Unmeasured(f"the assistant had not learnt its articles in {LEARN_SECONDS} s: {_end_of(log)}") from None
    raise Unmeasured(f"csts serve ended: {_end_of(log)}")


def _tells_of_learning(log: Path) -> bool:
    return any(b'"model_learnt"' in line and b'"quick": false' in line for line in log.read_bytes().splitlines())


def _opened(log: Path) -> int:
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _site_told(log: Path) -> Site | None:
    told = _ADDRESS.search(log.read_bytes())
    return Site(told[0].decode()) if told else None


async def _answers(site: Site) -> bool:
    try:
        return (await site.request("GET", "/readyz")).status == HTTPStatus.OK
    except Unmeasured:
        return False


async def _stop(server: Process) -> None:
    if server.returncode is not None:
        return
    server.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await server.wait()
    except TimeoutError:
        server.kill()
        await server.wait()


def _end_of(log: Path) -> str:
    return _last_line(log.read_bytes())


def _last_line(said: bytes) -> str:
    return (said.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
