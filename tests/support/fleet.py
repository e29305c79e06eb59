"""One desk as several processes: behind a real nginx, with one Redis between them, over the caller's database."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Self

from tests.support.nginx import Nginx
from tests.support.redis import Redis
from tests.support.server import Server

IN_STEP = (timedelta(), timedelta())


class Fleet:
    """One process for each entry of `ahead`, which says how far its clock is ahead. To a client it is one server."""

    def __init__(self, environment: dict[str, str], folder: Path, *, ahead: Sequence[timedelta] = IN_STEP) -> None:
        self.redis = Redis()
        ports: list[int] = []
        self.nginx = Nginx(folder / "nginx", ports)
        self.port, self.url, self.sockets = self.nginx.port, self.nginx.url, self.nginx.sockets
        shared = {**environment, "CSTS_REDIS_URL": self.redis.url}
        self.servers = [
            Server(shared, folder, name=f"server-{number}", public_url=self.url, ahead=wrong)
            for number, wrong in enumerate(ahead, 1)
        ]
        ports += [server.port for server in self.servers]
        self._next = cycle(self.servers)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, *, broker: bool = True) -> None:
        """Returns when every process says that it is ready; without a broker, that it is alive."""
        if broker:
            self.redis.start()
        self.nginx.start()
        page = "/readyz" if broker else "/healthz"
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda server: server.start(page), self.servers))

    def stop(self) -> list[int]:
        """SIGTERM to all at once; the exit codes of the processes."""
        with ThreadPoolExecutor() as threads:
            codes = list(threads.map(Server.stop, self.servers))
        self.nginx.stop()
        self.redis.stop()
        return codes

    def restart(self) -> None:
        """Kills one of the processes, another one each time, and starts it again."""
        next(self._next).restart()

    def said(self) -> str:
        """The logs of all processes."""
        return "".join(server.said() for server in self.servers)
