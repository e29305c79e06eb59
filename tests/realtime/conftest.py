"""One Redis for the tests of a file; each of them finds it running, and empty."""

from collections.abc import Iterator

import pytest

from tests.support.redis import Redis


@pytest.fixture(scope="module")
def redis_server() -> Iterator[Redis]:
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: Redis) -> Redis:
    if not redis_server.is_alive:
        redis_server.start()
    redis_server.thaw()
    redis_server.ask("CONFIG", "SET", "maxmemory", "0")
    redis_server.ask("FLUSHALL")
    return redis_server
