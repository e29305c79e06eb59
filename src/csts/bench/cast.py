"""Those who talk: a few customers with many tickets each, and one agent who has claimed them all."""

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

from csts.bench.http import Form, Site

# Below the thirty an hour that a desk allows one customer out of the box.
TICKETS_EACH, MOST_CUSTOMERS = 25, 20
AT_ONCE = 8
PASSWORD = "measured by the kilo"  # noqa: S105 - of accounts that own nothing but these tickets

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True)
class Agent:
    username: str
    password: str


@dataclass(frozen=True)
class Room:
    """A ticket's room, with what opens it to its two parties: the customer first, then the agent."""

    url: str
    headers: tuple[dict[str, str], dict[str, str]]
    queries: tuple[str, str] = ("", "")


class Cast:
    """Accounts on a desk, and the rooms that they open."""

    def __init__(self, site: Site, agent: Agent) -> None:
        self.site = site
        self._agent = agent
        self._token = ""
        self._customers: list[tuple[str, str]] = []
        self.expires_in = 0

    @property
    def logins(self) -> list[dict[str, str]]:
        """What the customers sign in with."""
        return [{"email": email, "password": PASSWORD} for email, _ in self._customers]

    @property
    def tokens(self) -> list[str]:
        """Of the customers, who ask the assistant."""
        return [token for _, token in self._customers]

    async def sign_in(self, tickets: int) -> None:
        """The agent, and as many customers as so many tickets want. Raises Unmeasured."""
        form = {"username": self._agent.username, "password": self._agent.password}
        granted = await self.site.post("/agent/login", form)
        self._token, self.expires_in = granted["access_token"], granted["expires_in"]
        wanted = min(MOST_CUSTOMERS, -(-tickets // TICKETS_EACH))
        run = uuid4().hex[:12]
        self._customers = await gathered(self._customer, (f"bench-{run}-{n}@bench.test" for n in range(wanted)))

    async def open_rooms(self, count: int) -> list[Room]:
        """Tickets, dealt out among the customers and claimed by the agent. Raises Unmeasured."""
        return await gathered(self._room, (self._customers[n % len(self._customers)][1] for n in range(count)))

    async def _customer(self, email: str) -> tuple[str, str]:
        await self.site.post("/user/register", {"name": "Bench", "email": email, "password": PASSWORD})
        granted = await self.site.post("/user/login", {"email": email, "password": PASSWORD})
        return email, granted["access_token"]

    async def _room(self, token: str) -> Room:
        form = Form(
            {"subject": "A measurement", "description": "Opened by csts bench.", "issue_type": "technical"}, picture()
        )
        ticket = await self.site.post("/user/createticket", form, token)
        # Claimed, so that no rule of an unclaimed ticket adds messages of its own.
        await self.site.post(f"/tickets/{ticket['id']}/claim", None, self._token)
        url = f"{self.site.sockets}/ws/tickets/{ticket['id']}"
        return Room(url, (_bearer(token), _bearer(self._token)))


class PlainCast:
    """For a reference server: rooms are numbers from 1 on, and everybody is who he says."""

    logins: tuple[dict[str, str], ...] = ()
    tokens: tuple[str, ...] = ()
    expires_in = 86_400

    def __init__(self, site: Site) -> None:
        self.site = site
        self._opened = 0

    async def sign_in(self, tickets: int) -> None:
        """Nobody to sign in; only that somebody is there. Raises Unmeasured."""
        await self.site.request("GET", "/healthz")

    async def open_rooms(self, count: int) -> list[Room]:
        first = self._opened + 1
        self._opened += count
        queries = ("person=customer-1", "person=agent-1")
        return [Room(f"{self.site.sockets}/ws/tickets/{n}", ({}, {}), queries) for n in range(first, first + count)]


async def gathered(work: Callable[[S], Awaitable[T]], items: Iterable[S], at_once: int = AT_ONCE) -> list[T]:
    """The results of all items in their order, a few at a time; the first failure ends the rest."""
    turn = asyncio.Semaphore(at_once)

    async def take(item: S) -> T:
        async with turn:
            return await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(take(item)) for item in items]
    except ExceptionGroup as failures:
        raise _first(failures) from None
    return [task.result() for task in tasks]


def _first(failures: ExceptionGroup[Exception]) -> Exception:
    failure = failures.exceptions[0]
    return _first(failure) if isinstance(failure, ExceptionGroup) else failure


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Sec-WebSocket-Protocol": "csts.v1"}


def picture() -> bytes:
    """The smallest screenshot: a PNG of one black pixel."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
