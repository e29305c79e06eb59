"""The little HTTP that a measurement needs before its sockets, on the loop that will send the messages."""

import asyncio
import json
import random
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from csts.bench.plan import Unmeasured

PATIENCE_SECONDS = 60
BUSY_TRIES = 5
# Which setting stands behind a refusal; the path is what the refusal was about.
LIMITS = {
    "/user/register": "CSTS_LIMIT_REGISTER",
    "/user/login": "CSTS_LIMIT_LOGIN",
    "/agent/login": "CSTS_LIMIT_LOGIN",
    "/user/createticket": "CSTS_LIMIT_TICKETS",
}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True)
class Form:
    """A multipart form with one picture."""

    fields: Mapping[str, str]
    picture: bytes

    def encoded(self) -> tuple[bytes, str]:
        """The body, and its type."""
        border = uuid4().hex
        part = f'--{border}\r\nContent-Disposition: form-data; name="%s"'
        texts = "".join(f"{part % name}\r\n\r\n{value}\r\n" for name, value in self.fields.items())
        head = f'{texts}{part % "screenshots"}; filename="bench.png"\r\nContent-Type: image/png\r\n\r\n'
        return (
            head.encode() + self.picture + f"\r\n--{border}--\r\n".encode(),
            f"multipart/form-data; boundary={border}",
        )


class Site:
    """A desk by its address. Each request has a connection of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unmeasured(f"{url} is no address; it begins with http:// or https://.")
        self.url = url.rstrip("/")
        self.sockets = self.url.replace("http", "ws", 1)
        self.host = parts.hostname
        self._is_safe = parts.scheme == "https"
        self.port = parts.port or (443 if self._is_safe else 80)
        self._base = parts.path.rstrip("/")
        self._name = parts.netloc

    async def post(self, path: str, body: object = None, token: str = "") -> Any:
        """What the desk answers to a request that should succeed. Raises Unmeasured."""
        answer = await self.request("POST", path, body, token)
        for _ in range(BUSY_TRIES):
            # It says so itself: nothing was changed, try again.
            if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - spreads them out, guards nothing
            answer = await self.request("POST", path, body, token)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            setting = LIMITS.get(path, "the limits")
            raise Unmeasured(f"the desk refuses more of POST {path}; empty {setting} on it while you measure.")
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise Unmeasured(f"POST {path} was answered with {answer.status}: {_detail(answer.body)}")
        return json.loads(answer.body)

    async def request(self, method: str, path: str, body: object = None, token: str = "") -> Answer:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._exchange(self._written(method, path, body, token))
        except TimeoutError:
            raise Unmeasured(f"{self.url} did not answer {method} {path} in {PATIENCE_SECONDS} s.") from None
        except OSError as error:
            raise Unmeasured(f"{self.url} cannot be reached: {error}") from None

    def _written(self, method: str, path: str, body: object, token: str) -> bytes:
        content, kind = body.encoded() if isinstance(body, Form) else (_json(body), "application/json")
        # HTTP/1.0, for its answers come in one piece and end with the connection.
        lines = [
            f"{method} {self._base}{path} HTTP/1.0",
            f"Host: {self._name}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(content)}",
            *([f"Authorization: Bearer {token}"] if token else []),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    async def _exchange(self, request: bytes) -> Answer:
        secure = ssl.create_default_context() if self._is_safe else None
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=secure)
        try:
            writer.write(request)
            head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
        words = head.split(maxsplit=2)
        if len(words) < 2 or not words[1].isdigit():  # noqa: PLR2004 - "HTTP/1.1 200 ..."
            raise Unmeasured(f"{self.url} does not speak HTTP.")
        return Answer(int(words[1]), body)


def _json(body: object) -> bytes:
    return b"" if body is None else json.dumps(body).encode()


def _detail(body: bytes) -> str:
    """The sentence of a problem, or the beginning of what came in its place."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode(errors="replace")
