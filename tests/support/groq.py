"""A real HTTP server with the shape of Groq's API: it answers or fails as a test says, at the pace that a test sets."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

End = Literal["done", "cut", "hang", "stop"]
PROMPT_TOKENS, COMPLETION_TOKENS = 120, 30


@dataclass
class Asked:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))

    @property
    def rules(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def block(self) -> str:
        """What stands between the fences, as it was sent."""
        return str(self.body["messages"][1]["content"])

    @property
    def data(self) -> dict[str, Any]:
        """The same, read."""
        return dict(json.loads(self.block.split("\n")[1]))


@dataclass(frozen=True)
class Status:
    """An answer that is no stream, such as 429 with `{"retry-after": "7"}`."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"error": {"message": "no", "type": "invalid_request_error"}}'


@dataclass(frozen=True)
class Stream:
    """These pieces of text, one event each, and an end: `cut` in the middle of a chunk, `stop` without a last word."""

    pieces: Iterable[str]
    end: End = "done"
    finish: str = "stop"
    usage: Literal["usage", "x_groq", "none"] = "usage"


@dataclass(frozen=True)
class Raw:
    """Bytes as the body of an event stream, whatever they are."""

    body: bytes


@dataclass(frozen=True)
class Silence:
    """Takes the request, and never says a word."""


Turn = Status | Stream | Raw | Silence


def says(
    reply: str, *, action: str = "answer", confidence: float = 0.9, reason: str = "It is in the article."
) -> Stream:
    """A good answer in pieces of a few letters, as tokens are."""
    text = json.dumps(
        {"reply": reply, "action": action, "confidence": confidence, "reason": reason}, ensure_ascii=False
    )
    return Stream(in_pieces(text))


def in_pieces(text: str, size: int = 4) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


class Groq:
    """Answers each request with the next turn that was scripted, and with `otherwise` when there is none.

    `pause()` holds every piece back until `release()` lets it go; `resume()` lets all of them flow again.
    """

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[Asked] = []
        self.otherwise: Turn = says("Please see the article.")
        self._turns: list[Turn] = []
        self._came = asyncio.Condition()
        self._gate: asyncio.Semaphore | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """For CSTS_LLM_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/openai/v1"

    def will(self, *turns: Turn) -> None:
        self._turns += turns

    def pause(self) -> None:
        self._gate = asyncio.Semaphore(0)

    def release(self, pieces: int = 1) -> None:
        for _ in range(pieces if self._gate else 0):
            self._gate.release()  # type: ignore[union-attr]  # there is one, or nothing to repeat

    def resume(self) -> None:
        gate, self._gate = self._gate, None
        # Whoever waits at the old gate goes through it one by one; nobody else comes to it.
        for _ in range(10_000 if gate else 0):
            gate.release()  # type: ignore[union-attr]  # there is one, or nothing to repeat

    async def asked(self, count: int = 1) -> Asked:
        """Waits until so many requests have come; the last of them."""
        async with self._came:
            await self._came.wait_for(lambda: len(self.requests) >= count)
        return self.requests[count - 1]

    def close(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._take(reader)
            await self._play(self._turns.pop(0) if self._turns else self.otherwise, writer)
        self._writers.discard(writer)
        writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        async with self._came:
            self.requests.append(Asked(first.split(" ")[1], headers, body.decode()))
            self._came.notify_all()

    async def _play(self, turn: Turn, writer: asyncio.StreamWriter) -> None:
        match turn:
            case Status(code, headers, body):
                extra = {"content-type": "application/json", "content-length": str(len(body.encode())), **headers}
                writer.write(_head(code, extra) + body.encode())
            case Raw(body):
                writer.write(_head(200, {"content-type": "text/event-stream"}) + body)
            case Silence():
                await _forever()
            case Stream():
                await self._stream(turn, writer)
        await writer.drain()

    async def _stream(self, turn: Stream, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"}))
        for piece in turn.pieces:
            await writer.drain()
            if self._gate:
                await self._gate.acquire()
            writer.write(_event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}))
        match turn.end:
            case "done":
                writer.write(_ending(turn))
            case "cut":
                writer.write(b"fff\r\ndata: {")
            case "hang":
                await writer.drain()
                await _forever()
            case "stop":
                writer.write(_chunk(b""))


@asynccontextmanager
async def groq() -> AsyncIterator[Groq]:
    """Listens on a port of its own. A desk in another process may ask it, as long as this loop runs."""
    api = Groq()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()
        api.close()


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()


def _head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} Said", *(f"{name}: {value}" for name, value in headers.items()), "connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _event(fields: dict[str, Any]) -> bytes:
    whole = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "any", **fields}
    return _chunk(f"data: {json.dumps(whole)}\n\n".encode())


def _ending(turn: Stream) -> bytes:
    counts = {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": COMPLETION_TOKENS, "total_tokens": 150}
    last: dict[str, Any] = {"choices": [{"index": 0, "delta": {}, "finish_reason": turn.finish}]}
    if turn.usage == "x_groq":
        last["x_groq"] = {"id": "req_1", "usage": counts}
    usage = _event({"choices": [], "usage": counts}) if turn.usage == "usage" else b""
    return _event(last) + usage + _chunk(b"data: [DONE]\n\n") + _chunk(b"")
