"""A real nginx on a free port, with the configuration that docs/howto/nginx.md recommends, or one that breaks it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.support.mariadb import SEARCH, free_port

START_SECONDS = 15
HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "nginx.md"

MAIN = """
{user}
daemon off;
pid nginx.pid;
error_log error.log notice;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{site}
}}
"""


def recommended() -> str:
    """What the documentation tells an operator to write, without its certificate."""
    block = re.search(r"```nginx\n(.*?)```", HOWTO.read_text(), re.DOTALL)
    assert block, "docs/howto/nginx.md shows no configuration"
    plain = re.sub(r"^ *(ssl_\S+|server_name) .*\n", "", block[1], flags=re.MULTILINE)
    return plain.replace("listen 443 ssl;", "listen 127.0.0.1:{port};")


class Nginx:
    """Stands before these ports. It keeps its own port over a restart.

    `site` is the inside of `http {}`; `{port}` in it is where to listen, and `server 127.0.0.1:8000;` in it
    becomes the list of servers.
    """

    def __init__(self, folder: Path, servers: Sequence[int], *, site: str | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sockets = f"ws://127.0.0.1:{self.port}"
        self._folder = folder
        self._servers = servers
        self._site = recommended() if site is None else site
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write()
        words = [command(), "-p", str(self._folder), "-c", "nginx.conf", "-e", "error.log"]
        self._process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._until(self._listens)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_SECONDS)
            self._process = None

    def reload(self, *, servers: Sequence[int] | None = None, site: str | None = None) -> None:
        """As `nginx -s reload` after the file was changed: open connections live on, new ones get the new rules."""
        assert self._process is not None
        self._servers = self._servers if servers is None else servers
        self._site = self._site if site is None else site
        self._write()
        before = self._count("gracefully shutting down")
        self._process.send_signal(signal.SIGHUP)
        self._until(lambda: self._count("gracefully shutting down") > before)

    def _write(self) -> None:
        servers = "\n".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self._servers)
        site = self._site.replace("server 127.0.0.1:8000;", servers).replace("{port}", str(self.port))
        # Started by root it would give its work to a user who may not read a temporary folder of ours.
        user = "user root;" if os.getuid() == 0 else ""
        (self._folder / "nginx.conf").write_text(MAIN.format(user=user, site=site))

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _count(self, words: str) -> int:
        return (self._folder / "error.log").read_text(errors="replace").count(words)

    def _until(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_so():
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                log = self._folder / "error.log"
                raise RuntimeError(log.read_text(errors="replace")[-2000:] if log.exists() else "nginx did not start")
            time.sleep(0.02)


def command() -> str:
    """Where nginx is. Without it the test is skipped, but never where everything must run."""
    found = shutil.which("nginx", path=SEARCH)
    if found is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("nginx is not installed; on Debian and Ubuntu: apt-get install nginx")
    return found
