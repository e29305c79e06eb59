"""Rooms are tried over real sockets: the same application answers them and the HTTP requests of the cast."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.support.live import serving


@pytest.fixture
async def sockets(app: FastAPI) -> AsyncIterator[str]:
    """Where the sockets are, such as `ws://127.0.0.1:4711`."""
    async with serving(app) as url:
        yield url
