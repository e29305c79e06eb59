"""An S3 service of our own: moto's server on a free port, which a test may stop, make dumb and start again."""

import socket
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from tests.support.mariadb import free_port

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_REGION": "eu-central-1"}


class S3:
    """Keeps its port and its buckets over a stop and a start."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._server: ThreadedMotoServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when it answers."""
        # It takes a second to import, and every process of every run imports this file.
        moto: Any = import_module("moto.server")
        self._server = server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        server.start()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None

    def bucket(self, prefix: str = "/files") -> str:
        """A new bucket, as `CSTS_UPLOADS` names it."""
        name = f"desk-{uuid.uuid4().hex}"
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT")):  # noqa: S310 - our own
            return self.place(name + prefix)

    def place(self, name: str) -> str:
        return f"s3://{name}?endpoint={self.url}"

    @contextmanager
    def dumb(self) -> Iterator[None]:
        """While the block runs connections are taken at its port, and nothing is ever said there."""
        self.stop()
        with socket.create_server(("127.0.0.1", self.port), backlog=64):
            yield
        self.start()
