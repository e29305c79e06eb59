"""A plain client of the socket protocol: it sends frames and waits for frames, and knows nothing else."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WAIT_SECONDS = 20
Frame = dict[str, Any]


class Chat:
    """One open socket. `seen` holds every frame that came, oldest first."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.seen: list[Frame] = []

    async def next(self, kind: str | None = None, *, seconds: float = WAIT_SECONDS, **facts: object) -> Frame:
        """The next frame of this type that holds these members; others are kept in `seen` and passed over."""
        async with asyncio.timeout(seconds):
            while True:
                frame: Frame = json.loads(await self._connection.recv())
                self.seen.append(frame)
                if kind in {None, frame["type"]} and facts.items() <= frame.items():
                    return frame

    async def send(self, kind: str, **members: object) -> None:
        await self._connection.send(json.dumps({"type": kind, **members}))

    async def send_raw(self, text: str | bytes) -> None:
        await self._connection.send(text)

    async def say(self, content: str, **members: object) -> Frame:
        """Send a message and wait for its acknowledgement, or for its refusal."""
        client_id = str(members.pop("client_id", uuid.uuid4()))
        await self.send("message", client_id=client_id, content=content, **members)
        return await self.next(client_id=client_id)

    async def closed(self) -> tuple[int, str]:
        """Waits for the other side to hang up: the close code and its reason."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while True:
                    self.seen.append(json.loads(await self._connection.recv()))
        except ConnectionClosed as end:
            if end.rcvd is None:
                return 1006, ""
            return end.rcvd.code, end.rcvd.reason

    async def opening(self) -> str:
        """How the other side begins: the type of its first frame, or the code that it closes with."""
        try:
            return str((await self.next())["type"])
        except ConnectionClosed as end:
            return str(end.rcvd.code if end.rcvd else 1006)

    def drop(self) -> None:
        """Breaks the connection without a word, as a phone in a tunnel does."""
        self._connection.transport.abort()

    def messages(self) -> list[Frame]:
        return [frame for frame in self.seen if frame["type"] == "message"]


@asynccontextmanager
async def open_socket(url: str, token: str | None = None, **options: Any) -> AsyncIterator[Chat]:
    """A socket at this URL, with the token as the subprotocol that browsers can send."""
    subprotocols = ["csts.v1", f"bearer.{token}"] if token else ["csts.v1"]
    async with connect(url, subprotocols=subprotocols, **options) as connection:  # type: ignore[arg-type]  # plain str is what the wire has
        yield Chat(connection)


@asynccontextmanager
async def join(sockets: str, ticket_id: int, token: str | None, *, after: object = None) -> AsyncIterator[Chat]:
    """In the ticket's room; the caller awaits `next("ready")` himself."""
    query = "" if after is None else f"?after={after}"
    async with open_socket(f"{sockets}/ws/tickets/{ticket_id}{query}", token) as chat:
        yield chat
