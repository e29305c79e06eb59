"""A socket in a ticket's room. It is read here frame by frame, so this is written for speed."""

import asyncio
import random
import socket
from collections.abc import Iterable, Sequence

import msgspec
from picows import WSCloseCode, WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect
from picows.url import WSParsedURL

from csts.bench.book import AGENT, CUSTOMER, Book
from csts.bench.cast import Room, gathered
from csts.bench.plan import Unmeasured

OPENING_AT_ONCE = 64
READY_SECONDS = 120
# Few, for sockets come by the ten thousand; it grows where frames are longer.
READ_BUFFER_BYTES = 2048
# A reader that is to fall behind should do so soon: the less the kernel holds for it, the sooner.
SMALL_BUFFER_BYTES = 4096
# What the standard calls a close without a code, and one without a word (RFC 6455, 7.4.1).
NO_CODE, BROKEN = 1005, 1006
HINTS = {
    "4401": "the agent's or a customer's session has ended: CSTS_ACCESS_TOKEN_SECONDS is too short for this plan",
    "4429": "too many sockets of one person: set CSTS_SOCKETS_PER_PERSON=0 on the desk while you measure",
    "429": "the proxy or the desk refuses so many handshakes",
}


class _Heard(msgspec.Struct):
    """What matters of a frame, whichever it is."""

    type: str
    client_id: str = ""
    seq: int = 0
    last_seq: int = 0
    code: str = ""


_decode = msgspec.json.Decoder(_Heard).decode


class Seat(WSListener):
    """One side of a room: `book` is where its messages are entered; without one it only listens."""

    def __init__(self, room: Room, number: int, side: int) -> None:
        self.room, self.number, self.side = room, number, side
        self.book: Book | None = None
        self.others: list[int] = []
        self.top = 0
        self.ended = ""
        self.transport: WSTransport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        return self.transport is not None and not self.ended

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type != WSMsgType.TEXT:
            self._control(transport, frame)
            return
        heard = _decode(frame.get_payload_as_memoryview())
        if heard.type == "message":
            self._message(heard)
        elif heard.type == "ready":
            self.top = max(self.top, heard.last_seq)
            if not self.ready.done():
                self.ready.set_result(None)
        elif heard.type == "error" and self.book is not None:
            self.book.faults.refused[heard.code] += 1

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._end(str(BROKEN))

    def send(self, text: bytes) -> None:
        if self.transport is not None:
            self.transport.send(WSMsgType.TEXT, text)

    def drop(self) -> None:
        """Break the connection without a word."""
        if self.transport is not None:
            self.transport.disconnect(graceful=False)

    def _message(self, heard: _Heard) -> None:
        book, seq = self.book, heard.seq
        if book is not None:
            if book.is_mine(heard.client_id):
                book.enter(self.number, self.side, heard.client_id, seq)
            else:
                self.others.append(seq)
            book.out_of_order += seq < self.top
        self.top = max(self.top, seq)

    def _control(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            # Not get_close_code, which knows the codes of the standard only.
            self._end(str(int.from_bytes(frame.get_payload_as_bytes()[:2], "big") or NO_CODE))
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()

    def _end(self, code: str) -> None:
        if self.ended:
            return
        self.ended = code
        if self.book is not None:
            self.book.faults.hung_up[code] += 1
        if not self.ready.done():
            self.ready.set_exception(Unmeasured(_why(code)))
            # It may be that nobody waits for it.
            self.ready.exception()


async def take(room: Room, number: int, side: int, *, after: int | None = None, is_small: bool = False) -> Seat:
    """A socket that is ready. Raises Unmeasured."""
    queries = [room.queries[side], "" if after is None else f"after={after}"]
    query = "&".join(filter(None, queries))
    url = f"{room.url}?{query}" if query else room.url
    try:
        seat = Seat(room, number, side)
        await ws_connect(
            lambda: seat,
            url,
            extra_headers=room.headers[side],
            websocket_handshake_timeout=READY_SECONDS,
            read_buffer_init_size=READ_BUFFER_BYTES,
            socket_factory=_small_socket if is_small else None,
        )
        async with asyncio.timeout(READY_SECONDS):
            await seat.ready
    except TimeoutError:
        raise Unmeasured(f"{room.url} was not ready in {READY_SECONDS} s.") from None
    except (OSError, WSError) as error:
        raise Unmeasured(f"{room.url} cannot be opened: {error}") from None
    return seat


async def take_pairs(rooms: Sequence[Room]) -> list[tuple[Seat, Seat]]:
    """Both sides of each room. Raises Unmeasured."""
    sides = [(room, number, side) for number, room in enumerate(rooms) for side in (CUSTOMER, AGENT)]
    seats = await gathered(lambda each: take(*each), sides, OPENING_AT_ONCE)
    return list(zip(seats[::2], seats[1::2], strict=True))


async def resumed(seats: Iterable[Seat]) -> list[Seat]:
    """Those that are open, and in place of those that have ended new ones that resume."""
    return await gathered(_resume, seats, OPENING_AT_ONCE)


async def _resume(seat: Seat) -> Seat:
    return seat if seat.is_open else await take(seat.room, seat.number, seat.side, after=seat.top)


async def come_back(seat: Seat) -> tuple[Seat, list[str]]:
    """Resume until it works, as a client would; the new socket, and why each of the tries before it failed."""
    failures: list[str] = []
    while True:
        try:
            back = await take(seat.room, seat.number, seat.side, after=seat.top)
        except Unmeasured as failure:
            failures.append(str(failure).removeprefix(f"{seat.room.url} "))
            await asyncio.sleep(random.uniform(0.1, 1))  # noqa: S311 - spreads them out, guards nothing
        else:
            return back, failures


def _small_socket(address: WSParsedURL) -> socket.socket:
    family, kind, protocol, _, _ = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    small = socket.socket(family, kind, protocol)
    small.settimeout(0)
    # Before it is connected: the handshake tells the other side how much fits.
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
    return small


def _why(code: str) -> str:
    return f"a socket was closed with {code}: {HINTS.get(code, 'before it was ready')}."
