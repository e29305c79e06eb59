"""The documented nginx configuration, and what operators get wrong about it; each with the name of its fault."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.nginx import Nginx, recommended


def _without(*words: str) -> str:
    lines = recommended().splitlines()
    return "\n".join(line for line in lines if not any(word in line for word in words))


def _with(setting: str, value: str) -> str:
    return re.sub(rf"{setting} \S+;", f"{setting} {value};", recommended())


# By the fault that the doctor names.
BROKEN = {
    "upgrade_refused": _without("Upgrade", "Connection "),
    "idle_timeout": _with("proxy_read_timeout", "2s"),
    "origin": _without("Host"),
    "body_limit": _with("client_max_body_size", "1m"),
}


@contextmanager
def behind_nginx(port: int, folder: Path, *, fault: str | None = None) -> Iterator[Nginx]:
    """A server at this port behind an nginx that is right, or has this fault."""
    nginx = Nginx(folder / "nginx", [port], site=BROKEN[fault] if fault else None)
    nginx.start()
    try:
        yield nginx
    finally:
        nginx.stop()
