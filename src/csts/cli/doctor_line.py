"""How the doctor of the command reaches a desk: as a browser would, without a session and without retries."""

import asyncio
import http.client
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_SECONDS = 10
UPLOAD_SECONDS = 60
MOST_OF_AN_ANSWER = 64 * 1024
BOUNDARY = "csts-connection-test"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; status 0 and a reason where there was none. `json` is empty where the body is none."""

    status: int
    json: dict[str, Any]
    seconds: float = 0.0
    location: str = ""
    why: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Line:
    """The way to the desk at this address. Raises ValueError when it is not one of a site."""

    def __init__(self, url: str) -> None:
        self._parts = _site(url)
        self.is_encrypted = self._parts.scheme == "https"
        port = self._parts.port
        is_usual = port in {None, _PORTS[self._parts.scheme]}
        host = f"[{self._parts.hostname}]" if ":" in (self._parts.hostname or "") else self._parts.hostname
        self.origin = f"{self._parts.scheme}://{host}" + ("" if is_usual else f":{port}")
        self.host = self._parts.hostname or ""

    async def ask(self) -> Answer:
        """How a request arrives there: the quickest of three, for the first had to find the way."""
        answers = [await self._request("POST", "/connection/seen", PATIENCE_SECONDS) for _ in range(3)]
        return min(answers, key=lambda answer: (answer.status != http.HTTPStatus.OK, answer.seconds))

    async def send(self, size: int) -> Answer:
        """A form with a file of this many bytes."""
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="connection-test.bin"\r\n\r\n'
        body = head.encode() + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()
        return await self._request("POST", "/connection/upload", UPLOAD_SECONDS, body)

    def socket(self) -> connect:
        """A socket that says nothing by itself: whether silence is borne is one of the questions."""
        return connect(
            f"{'wss' if self.is_encrypted else 'ws'}{self.origin.removeprefix(self._parts.scheme)}/ws/echo",
            origin=Origin(self.origin),
            subprotocols=[Subprotocol("csts.v1")],
            open_timeout=PATIENCE_SECONDS,
            ping_interval=None,
            compression=None,
            proxy=None,
        )

    async def _request(self, method: str, path: str, patience: float, body: bytes = b"") -> Answer:
        return await asyncio.to_thread(self._request_now, method, path, patience, body)

    def _request_now(self, method: str, path: str, patience: float, body: bytes) -> Answer:
        kind = http.client.HTTPSConnection if self.is_encrypted else http.client.HTTPConnection
        connection = kind(self.host, self._parts.port, timeout=patience)
        headers = {"Origin": self.origin, "Accept": "application/json"}
        if body:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        started = time.monotonic()
        try:
            # Whoever refuses a body may say so before all of it is sent, and hang up.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read(MOST_OF_AN_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, {}, seconds=time.monotonic() - started, why=str(error) or type(error).__name__)
        finally:
            connection.close()
        seconds = time.monotonic() - started
        location = response.headers.get("Location", "")
        return Answer(response.status, parsed(content), seconds, location)


async def next_frame(socket: ClientConnection, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
    """Raises TimeoutError, and ConnectionClosed."""
    async with asyncio.timeout(seconds):
        return parsed(await socket.recv())


def parsed(text: bytes | bytearray | str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _site(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise ValueError("an address such as https://desk.example.org is wanted, without a path")
    return parts
