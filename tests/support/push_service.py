"""A push service on a free port, and browsers that it knows: they open what was sealed for them (RFC 8291, 3.4)."""

import asyncio
import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PATIENCE_SECONDS = 30
_SALT, _HEAD, _KEY = 16, 21, 65


@dataclass
class Browser:
    """Somebody's browser, at this address of its service."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def subscription(self) -> dict[str, Any]:
        """As a page hands it on."""
        keys = {"p256dh": encoded(self.public), "auth": encoded(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys}

    def open(self, body: bytes) -> bytes:
        """What was sealed for this browser. Raises InvalidTag for anything else."""
        salt, theirs = body[:_SALT], body[_HEAD : _HEAD + _KEY]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        mixed = _derived(shared, self.auth, b"WebPush: info\0" + self.public + theirs, 32)
        key = _derived(mixed, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(mixed, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, body[_HEAD + _KEY :], None).rstrip(b"\0").removesuffix(b"\2")


@dataclass(frozen=True)
class Push:
    """One request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


class PushService:
    """Takes pushes for as long as the block lasts. `answers` are the next statuses; 201 where none are left."""

    def __init__(self) -> None:
        self.url = ""
        self.pushes: list[Push] = []
        self.answers: list[int] = []
        self._came = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def browser(self, name: str = "one") -> Browser:
        return Browser(f"{self.url}/push/{name}")

    async def told(self, browser: Browser, count: int = 1) -> list[dict[str, Any]]:
        """What this browser has been told, once it is so much."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._came:
            await self._came.wait_for(lambda: len(self.to(browser)) >= count)
        return [json.loads(browser.open(push.body)) for push in self.to(browser)]

    async def said(self, browser: Browser, body: str) -> list[dict[str, Any]]:
        """The same, once this was among it."""
        count = 1
        while body not in [notice["body"] for notice in await self.told(browser, count)]:
            count = len(self.to(browser)) + 1
        return await self.told(browser)

    def to(self, browser: Browser) -> list[Push]:
        """As they came so far."""
        return [push for push in self.pushes if browser.endpoint.endswith(push.path)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
                headers = {name.lower(): value for name, _, value in (row.partition(": ") for row in head if row)}
                body = await reader.readexactly(int(headers["content-length"]))
                status = self.answers.pop(0) if self.answers else 201
                writer.write(f"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n".encode())
                async with self._came:
                    self.pushes.append(Push(line.split()[1].decode(), headers, body))
                    self._came.notify_all()
        finally:
            writer.close()


def encoded(raw: bytes) -> str:
    """In base64url, as keys of browsers are."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)
