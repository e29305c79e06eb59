"""What it was measured on: versions, processor, load, and what the processes of a server use."""

import os
import platform
import resource
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def facts() -> dict[str, Any]:
    """Before the measurement: the load says how quiet the machine was."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("csts", "uvicorn", "uvloop", "picows") if _is_installed(name)},
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
    }


def raise_file_limit() -> None:
    """As many open files as this account may have; servers started from here inherit them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def cpu_seconds(pid: int) -> float:
    """What this process and its children have used; 0 where the system does not tell."""
    return sum(_ticks(each) for each in _tree(pid)) / _TICKS


def memory_bytes(pid: int) -> int:
    """What this process and its children hold in memory, 0 where the system does not tell."""
    return sum(_pages(each) for each in _tree(pid)) * _PAGE


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _ticks(pid: int) -> int:
    try:
        # Behind the name, which stands in brackets and may hold spaces (man 5 proc).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _pages(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _cpu() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
