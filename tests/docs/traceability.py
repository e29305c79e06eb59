"""The table of requirements, from the file that names where each one lives and what proves it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.docs.tables import table

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).with_name("requirements.toml")


@dataclass(frozen=True)
class Requirement:
    """`lives` are files and folders, `proved` tests, as `path::name`; `state` tells of what is not wholly there."""

    id: str
    asks: str
    lives: list[str]
    proved: list[str]
    state: str = ""


def requirements() -> list[Requirement]:
    return [Requirement(key, **told) for key, told in tomllib.loads(DATA.read_text()).items()]


def traceability_table() -> str:
    rows = [
        [
            each.id,
            f"{each.asks}. {each.state}".strip(),
            "<br>".join(map(_place, each.lives)),
            "<br>".join(map(_test, each.proved)),
        ]
        for each in requirements()
    ]
    return table(["", "asked for", "lives in", "proved by"], rows)


def _place(path: str) -> str:
    return f"[{path.removeprefix('src/csts/')}](../{path})"


def _test(name: str) -> str:
    path, _, test = name.partition("::")
    return f"[{test.removeprefix('test_').replace('_', ' ')}](../{path})"
