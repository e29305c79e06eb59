"""A line to the application of this process, by which a test says what no client library would."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from fastapi import FastAPI

from tests.security.lines import Dial, Line
from tests.support.live import serving


@pytest.fixture
async def dial(app: FastAPI) -> AsyncIterator[Dial]:
    """Opens connections to the desk, and hangs up at the end."""
    async with dialling(app) as connect:
        yield connect


@asynccontextmanager
async def dialling(app: FastAPI) -> AsyncIterator[Dial]:
    async with serving(app) as url, AsyncExitStack() as lines:
        host, port = url.removeprefix("ws://").split(":")

        async def connect() -> Line:
            narrow = socket.socket()
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            narrow.connect((host, int(port)))
            line = Line(*await asyncio.open_connection(sock=narrow, limit=4096))
            lines.callback(line.hang_up)
            return line

        yield connect
