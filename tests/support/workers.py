"""`csts serve --workers 2`: what stands for one server, and what can be seen of its processes."""

import time
from pathlib import Path

from tests.support.server import Server

PATIENCE_SECONDS = 60


class Workers(Server):
    words = ("--workers", "2")

    def workers(self, *, without: int = 0) -> list[int]:
        """Waits until two run their program, and not this one."""
        assert self._process
        pid = self._process.pid
        assert pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (
            len(found := {int(each) for each in children.read_text().split()} - {without}) != 2
            # Until then a child is a copy of the one that started it, with its environment or none.
            or not all(program(each) not in {b"", program(pid)} for each in found)
        ):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return sorted(found)

    def leave_orphans(self) -> None:
        assert self._process
        self._process.kill()
        self._process.join()


def program(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def wait_for_end(processes: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(is_alive(pid) for pid in processes):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    # What has ended and was not yet asked how has no program any more.
    return Path(f"/proc/{pid}/exe").exists()
