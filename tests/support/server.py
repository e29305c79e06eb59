"""A real server in a process of its own, which a test may stop, kill and start again."""

import os
import signal
import time
import urllib.error
import urllib.request
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Protocol, Self

from tests.support.command import Streams, start
from tests.support.mariadb import free_port

# The first start of a demo draws its pictures.
START_SECONDS = 120


class Desk(Protocol):
    """What a client sees of a desk, be it one process or several, and what a test may do to it."""

    port: int
    url: str
    sockets: str

    def restart(self) -> None: ...

    def said(self) -> str: ...


class Server:
    """`csts serve` with these settings. It keeps its port, so that clients find it again after a restart.

    `public_url` is where people find it, when that is another address than its own. Its clock may be ahead. `within` is
    the folder in which it is started; none for that of the tests.
    """

    # More that the command is told.
    words: tuple[str, ...] = ()

    def __init__(
        self,
        environment: dict[str, str],
        folder: Path,
        *,
        name: str = "server",
        public_url: str = "",
        ahead: timedelta = timedelta(),
        within: Path | None = None,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sockets = f"ws://127.0.0.1:{self.port}"
        self.log = folder / f"{name}.log"
        self._ahead = ahead
        self._within = within
        self._environment = {**environment, "CSTS_PUBLIC_URL": public_url or self.url}
        self._process: ForkServerProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, page: str = "/readyz", *, most_bytes: int = -1) -> None:
        """Returns when this page answers; by itself that is when the server says that it is ready.

        `most_bytes` is the most that it may write into any file, as on a disk that is full.
        """
        streams = Streams(Path(os.devnull), self.log, self.log, self._within, most_bytes=most_bytes)
        words = ("serve", "--port", str(self.port), *self.words)
        self._process = start(self._environment, words, streams, ahead=self._ahead)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers(page):
            if time.monotonic() > deadline or not self._process.is_alive():
                raise RuntimeError(f"the server did not start:\n{self.said()[-3000:]}")
            time.sleep(0.05)

    def stop(self) -> int:
        """SIGTERM, as a supervisor would; the exit code. It has ten seconds."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """SIGKILL: nothing is finished, nothing is said."""
        return self._end(signal.SIGKILL)

    def restart(self) -> None:
        self.kill()
        self.start()

    def said(self) -> str:
        """Its log."""
        return self.log.read_text(errors="replace")

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.is_alive() and self._process.pid:
            os.kill(self._process.pid, how)
        self._process.join(15)
        code = self._process.exitcode
        self._process = None
        return 1 if code is None else code

    def _answers(self, page: str) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{page}", timeout=2):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, OSError):
            return False
