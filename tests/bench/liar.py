"""A chat server that breaks its word in one chosen way, so that the load generator has something to find."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosedError
from websockets.http11 import Request, Response

# What is done to one message in so many.
EVERY = 10
LATE_SECONDS = 0.2


class Liar:
    """Rooms with numbers, as the desk has them, but for the lie."""

    def __init__(self, lie: str) -> None:
        self._lie = lie
        self._rooms: dict[int, list[ServerConnection]] = defaultdict(list)
        self._seqs: dict[int, int] = defaultdict(int)
        self._count = 0

    async def meet(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        room = int(urlsplit(socket.request.path).path.rpartition("/")[2])
        self._rooms[room].append(socket)
        await socket.send(json.dumps({"type": "ready", "last_seq": self._seqs[room]}))
        # Who measures leaves without a word.
        with suppress(ConnectionClosedError):
            async for text in socket:
                self._count += 1
                lie = self._lie if self._count % EVERY == 0 else "none"
                if lie == "hangs up":
                    await socket.close(1013, "fell behind")
                else:
                    self._post(room, socket, json.loads(text)["client_id"], lie)
        self._rooms[room].remove(socket)

    def _post(self, room: int, sender: ServerConnection, client_id: str, lie: str) -> None:
        here = self._rooms[room]
        if lie == "refuses":
            broadcast([sender], json.dumps({"type": "error", "code": "too_many_requests", "client_id": client_id}))
            return
        self._seqs[room] += 2 if lie == "skips a number" else 1
        seq = self._seqs[room]
        told = message(seq, client_id)
        match lie:
            case "never acknowledges":
                broadcast([socket for socket in here if socket is not sender], told)
            case "never delivers":
                broadcast([sender], told)
            case "tells another room":
                broadcast([*here, self._rooms[room % len(self._rooms) + 1][0]], told)
            case "tells each another number":
                broadcast([sender], message(seq + 1000, client_id))
                broadcast([socket for socket in here if socket is not sender], told)
            case "tells late":
                asyncio.get_running_loop().call_later(LATE_SECONDS, broadcast, list(here), told)
            case _:
                broadcast(here, told)
        if lie == "tells twice":
            broadcast(here, told)


def message(seq: int, client_id: str) -> str:
    return json.dumps({"type": "message", "seq": seq, "client_id": client_id})


@asynccontextmanager
async def lying(lie: str) -> AsyncIterator[str]:
    """The address of such a server."""
    async with serve(Liar(lie).meet, "127.0.0.1", 0, process_request=_healthy) as server:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def _healthy(connection: ServerConnection, request: Request) -> Response | None:
    return connection.respond(200, "ok\n") if request.path == "/healthz" else None
