"""A Redis server of our own, which a test may stop, freeze, fill and start again."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as Client
from redis.exceptions import RedisError

from tests.support.mariadb import free_port

START_SECONDS = 15


def installed() -> str:
    """Where it is. Skips the test where it is not; fails it under CI=true, where it has to be."""
    if found := shutil.which("redis-server", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))):
        return found
    missing = "redis-server is not installed; on Debian and Ubuntu: apt-get install redis-server"
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(missing)
    pytest.skip(missing)


class Redis:
    """Keeps its port over restarts, and nothing else: its memory is gone with its process, as with most of them."""

    def __init__(self) -> None:
        self._command = installed()
        self._folder = Path(tempfile.mkdtemp(prefix="csts-redis-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @property
    def is_alive(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Returns when it answers."""
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": self._folder}
        words = [f"{word}" for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen([self._command, *words], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("redis-server did not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        """For good."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def freeze(self) -> None:
        """It keeps its connections, takes new ones, and says nothing any more."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def ask(self, *words: str | int) -> Any:
        """A command of the test itself."""
        with Client(port=self.port, socket_timeout=5) as client:
            return client.execute_command(*words)

    def _signal(self, what: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, what)

    def _answers(self) -> bool:
        try:
            # A port that is open may be that of a process which is not there yet.
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return bool(self.ask("PING"))
        except (OSError, RedisError):
            return False
