"""`csts serve --workers 2`: what stands for one server, and what can be seen of its processes."""

import time
from pathlib import Path

from tests.support.server import Server

PATIENCE_SECONDS = 60


class Workers(Server):
    words = ("--workers", "2")

    def workers(self, *, without: int = 0) -> list[int]:
        """Waits until two are there, and not this one."""
        assert self._process
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(found := {int(each) for each in children.read_text().split()} - {without}) != 2:
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return sorted(found)

    def leave_orphans(self) -> None:
        assert self._process
        self._process.kill()
        self._process.join()


def wait_for_end(processes: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(is_alive(pid) for pid in processes):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    # What has ended and was not yet asked how has no program any more.
    return Path(f"/proc/{pid}/exe").exists()
