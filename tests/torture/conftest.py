"""The world of a torture run: a durable MariaDB that may die, and two processes whose clocks disagree."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.database import MariaDbSchema
from tests.support.fleet import Fleet
from tests.support.mariadb import MariaDB

CLOCKS = (timedelta(), timedelta(hours=1))


@pytest.fixture
def mariadb() -> Iterator[MariaDB]:
    """Of its own: others would not like how it is treated."""
    server = MariaDB(durable=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def database_url(mariadb: MariaDB) -> str:
    return MariaDbSchema(mariadb.url, "torture").url


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """A token that is good for hours on every clock, and any number of sockets for each of a few people."""
    return {**environment, "CSTS_ACCESS_TOKEN_SECONDS": "86400", "CSTS_SOCKETS_PER_PERSON": "0"}


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Fleet]:
    with Fleet(environment, tmp_path, ahead=CLOCKS) as fleet:
        yield fleet
