"""Several files as one, and the map by which a browser's tools show each of them as it was written."""

import json
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """The text of one file, and whole lines that a pack puts before and behind it."""

    path: str
    text: str
    before: str = ""
    behind: str = ""


@dataclass(frozen=True)
class Pack:
    """What is served; `map` is a source map (ECMA-426): from its lines to those of the files."""

    text: str
    map: str


def join(pieces: Iterable[Piece], folder: str, *, beginning: str = "", ending: str = "") -> Pack:
    """These pieces below one another, for an address in `folder`. Inside a piece no line is broken or moved."""
    written = [beginning]
    sections = []
    line = beginning.count("\n")
    for piece in pieces:
        text = piece.text if piece.text.endswith("\n") else f"{piece.text}\n"
        sections.append(_section(line + piece.before.count("\n"), posixpath.relpath(piece.path, folder), text))
        written.append(piece.before + text + piece.behind)
        line += written[-1].count("\n")
    written.append(ending)
    return Pack("".join(written), json.dumps({"version": 3, "sections": sections}, separators=(",", ":")))


def _section(line: int, source: str, text: str) -> dict[str, Any]:
    # "AAAA": this line is the first one of the first source. "AACA": this one is the next of the same.
    mappings = "AAAA" + ";AACA" * (text.count("\n") - 1)
    return {
        "offset": {"line": line, "column": 0},
        "map": {"version": 3, "sources": [source], "names": [], "mappings": mappings},
    }
