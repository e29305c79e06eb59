"""Those who are measured, and what they stand on: one MariaDB that keeps its word, one Redis, a schema for each run."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from sqlalchemy import text

from tests.support.database import engine_for
from tests.support.mariadb import MariaDB, free_port
from tests.support.redis import Redis

HERE = Path(__file__).resolve().parent
NODE, CHANNELS = HERE / "node", HERE / "channels"
START_SECONDS, STOP_SECONDS = 30, 10


@dataclass(frozen=True)
class House:
    """The servers that all parties share, one after the other."""

    mariadb: MariaDB
    redis: Redis
    numbers: Iterator[int]

    @contextmanager
    def schema(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped afterwards."""
        name = f"bench_{next(self.numbers)}"
        asyncio.run(_say(self.mariadb.url, f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
        try:
            yield f"{self.mariadb.url}/{name}"
        finally:
            asyncio.run(_say(self.mariadb.url, f"DROP DATABASE {name}"))


@contextmanager
def house() -> Iterator[House]:
    mariadb, redis = MariaDB(durable=True), Redis()
    try:
        mariadb.start()
        redis.start()
        yield House(mariadb, redis, count(1))
    finally:
        redis.stop()
        mariadb.stop()


@contextmanager
def node_server(house: House) -> Iterator[str]:
    """`ws` and `mysql2`, a statement per message."""
    if not (NODE / "node_modules").exists():
        _install(["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"], NODE)
    with house.schema() as database, _serving(["node", "server.js"], NODE, database, {}) as url:
        yield url


@contextmanager
def channels_server(house: House) -> Iterator[str]:
    """Django Channels over Redis, a statement per message, on uvicorn at its fastest."""
    python = CHANNELS / ".venv" / "bin" / "python"
    if not python.exists():
        _install([sys.executable, "-m", "venv", ".venv"], CHANNELS)
        _install([str(python), "-m", "pip", "install", "--quiet", "-r", "requirements.txt"], CHANNELS)
    options = ["--lifespan", "off", "--log-level", "warning", "--ws", "websockets-sansio", "--backlog", "2048"]
    words = [str(python), "-m", "uvicorn", "server:application", "--ws-per-message-deflate", "false", *options]
    port = free_port()
    with (
        house.schema() as database,
        _serving([*words, "--port", str(port)], CHANNELS, database, {"REDIS_URL": house.redis.url}, port) as url,
    ):
        yield url


@contextmanager
def _serving(words: list[str], folder: Path, database: str, more: dict[str, str], port: int = 0) -> Iterator[str]:
    port = port or free_port()
    plain = database.replace("mysql+asyncmy", "mysql")
    server = subprocess.Popen(words, cwd=folder, env={**os.environ, "DATABASE_URL": plain, "PORT": str(port), **more})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(server, url)
        yield url
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _install(words: list[str], folder: Path) -> None:
    if shutil.which(words[0]) is None:
        raise FileNotFoundError(f"{words[0]} is not installed, and one of the reference servers needs it")
    subprocess.run(words, cwd=folder, check=True)


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    """Any answer will do: the reference servers have one page at most."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{' '.join(map(str, server.args))} did not start")  # type: ignore[arg-type]  # a list of str, as given above


async def _say(server: str, statement: str) -> None:
    engine = engine_for(f"{server}/mysql")
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
