"""Readers that do not read, and writers who write until one of these has fallen behind."""

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.people import Somebody
from tests.support.chat import Chat, open_socket
from tests.support.server import Desk

AT_ONCE = 10


@asynccontextmanager
async def deaf(server: Desk, who: Somebody, ticket_id: int) -> AsyncIterator[Chat]:
    """Somebody in the room who reads nothing: his window is small, so that it is full soon."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    narrow.connect(("127.0.0.1", server.port))
    url = f"{server.sockets}/ws/tickets/{ticket_id}"
    async with open_socket(url, who.token, sock=narrow, max_queue=1, ping_interval=None, close_timeout=0) as chat:
        await chat.next("ready")
        yield chat


async def write_until_somebody_falls_behind(server: Desk, *writers: Chat) -> float:
    """Long messages fill the network's buffers and the outbox; the longest wait of a writer, in seconds."""
    longest = 0.0
    while "fell behind" not in server.said():
        waits = await asyncio.gather(*(_write_some(writer) for writer in writers))
        longest = max(longest, *waits)
    return longest


async def _write_some(writer: Chat) -> float:
    began = time.monotonic()
    names = [str(uuid.uuid4()) for _ in range(AT_ONCE)]
    for name in names:
        await writer.send("message", client_id=name, content="𝔘" * 4000)
    await writer.next(client_id=names[-1])
    return time.monotonic() - began
