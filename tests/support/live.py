"""The application of this process behind a real uvicorn: real sockets, without paying for another process."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from csts.cli.serve import _config


class _Started(uvicorn.Server):
    """Says when it listens, and leaves the signals to the test runner."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """`ws://…` of this application, whose lifespan the caller has entered."""
    config = _config(app)
    config.lifespan = "off"
    listener = socket.create_server(("127.0.0.1", 0))
    server = _Started(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        await server.is_up.wait()
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
