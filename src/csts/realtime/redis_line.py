"""A connection to Redis that many share: what is asked at once goes out at once, and what is silent is dead."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from hiredis import Reader, pack_command
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import InvalidResponse, RedisError, ResponseError

# What a Redis, its driver or the network between raises when it does not do what it was asked for.
FAULTS = (OSError, RedisError, TimeoutError)
CONNECT_SECONDS = 2.0
# A stopped Redis accepts everything and says nothing, so the third question without an answer is the last one.
PING_SECONDS, MOST_PINGS = 1.0, 3
# Bounds the memory that waits for a Redis which has stopped, until it is noticed.
MOST_ASKED = 50_000
READ_BYTES = 64 * 1024

_NOTHING = object()

Hear = Callable[[bytes, bytes], Awaitable[None]]


class Line:
    """Opened and run again and again, by one task; in between, all questions fail at once.

    Not a pool: answers come in the order of asking, so that what is asked last is what remains. `hear` gets
    the channel and the payload of what is published to the line's subscriptions.
    """

    def __init__(self, url: str, *, hear: Hear | None = None) -> None:
        # Nothing is tried again by the driver, whose patience is not ours. RESP 2, which every Redis speaks.
        self._pool = ConnectionPool.from_url(
            url, protocol=2, socket_timeout=None, socket_connect_timeout=None, retry=Retry(NoBackoff(), 0)
        )
        self._hear = hear
        self._connection: AbstractConnection | None = None
        self._asked: deque[asyncio.Future[Any]] = deque()
        self._unsent: list[bytes] = []
        self._has_unsent = asyncio.Event()
        self._pings = 0

    @property
    def database(self) -> int:
        """The number of the database in the URL."""
        return int(self._pool.connection_kwargs.get("db") or 0)

    @property
    def is_answering(self) -> bool:
        """Whether it is worth while to wait for an answer."""
        return self._connection is not None and self._pings < MOST_PINGS - 1

    def ask(self, *words: str | bytes | int) -> asyncio.Future[Any]:
        """Send a command; the future gets its answer, or what went wrong. Nobody has to look at it."""
        answer = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_look)
        if self._connection is None or len(self._asked) >= MOST_ASKED:
            answer.set_exception(ConnectionError("there is no connection to Redis"))
            return answer
        self._asked.append(answer)
        self._unsent.append(pack_command(words))  # type: ignore[arg-type]  # their stub takes one word
        self._has_unsent.set()
        return answer

    async def open(self) -> None:
        """Connect and sign in. Raises one of FAULTS."""
        connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]  # theirs
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection.connect()  # type: ignore[no-untyped-call]  # theirs
                # A Redis that wants a password takes the connection without one, and refuses the first question.
                await connection.send_command("PING")
                await connection.read_response()
            self._pings = 0
            self._connection = connection
        finally:
            if self._connection is not connection:
                await connection.disconnect(nowait=True)

    async def run(self) -> None:
        """Carry questions and answers until the line breaks. Raises a group of FAULTS."""
        connection = self._connection
        if connection is None:
            raise ConnectionError("the line is not open")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(connection))
            group.create_task(self._read(connection))
            group.create_task(self._watch())

    async def close(self) -> None:
        """Whoever waits for an answer is told that none will come."""
        connection, self._connection = self._connection, None
        asked, self._asked = self._asked, deque()
        self._unsent.clear()
        for answer in asked:
            if not answer.done():
                answer.set_exception(ConnectionError("the connection to Redis broke"))
        if connection is not None:
            await connection.disconnect(nowait=True)

    async def _write(self, connection: AbstractConnection) -> None:
        while True:
            await self._has_unsent.wait()
            self._has_unsent.clear()
            unsent, self._unsent = self._unsent, []
            await connection.send_packed_command([b"".join(unsent)], check_health=False)

    async def _read(self, connection: AbstractConnection) -> None:
        # Past the driver's own way to read, which costs 10 µs a reply: at full speed a process hears 6,000 a second.
        stream: asyncio.StreamReader = connection._reader  # type: ignore[assignment]  # noqa: SLF001 - pinned by the lock file
        replies = Reader(protocolError=InvalidResponse, replyError=ResponseError, notEnoughData=_NOTHING)
        while data := await stream.read(READ_BYTES):
            replies.feed(data)
            while (reply := replies.gets()) is not _NOTHING:
                self._pings = 0
                await self._take(reply)
            # What is here already comes without a wait: everybody else gets his turn.
            await asyncio.sleep(0)
        raise ConnectionError("Redis hung up")

    async def _take(self, reply: Any) -> None:
        if self._hear and isinstance(reply, list) and reply[0] == b"message":
            await self._hear(reply[1], reply[2])
            return
        if not self._asked:
            raise ConnectionError("Redis gave an answer that nobody has asked for")
        answer = self._asked.popleft()
        if answer.done():  # whoever asked has given up
            return
        if isinstance(reply, Exception):
            answer.set_exception(reply)
        else:
            answer.set_result(reply)

    async def _watch(self) -> None:
        # Counted in questions, not in seconds: while this process itself is held up, none is counted.
        while self._pings < MOST_PINGS:
            self.ask("PING")
            self._pings += 1
            await asyncio.sleep(PING_SECONDS)
        raise ConnectionError("Redis does not answer")


def _look(answer: asyncio.Future[Any]) -> None:
    """Or asyncio would complain of an exception that nobody has asked for."""
    if not answer.cancelled():
        answer.exception()
