"""Writes the tables of docs from the code, so that they cannot tell of another program."""

import re
from pathlib import Path

from tests.access.matrix import access_table
from tests.docs.commands import command_table
from tests.docs.licences import developing_licences, running_licences
from tests.docs.metrics import metric_table
from tests.docs.routes import route_table
from tests.docs.rules import error_table, move_table, priority_table, settings_table
from tests.docs.shapes import frames_in, frames_of_a_list, frames_of_a_room, shared_shapes
from tests.docs.traceability import traceability_table

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = DOCS / "reference"

TABLES = {
    "settings": settings_table,
    "cli": command_table,
    "errors": error_table,
    "moves": move_table,
    "priorities": priority_table,
    "http": route_table,
    "access": access_table,
    "frames in": frames_in,
    "frames of a room": frames_of_a_room,
    "frames of a list": frames_of_a_list,
    "shapes": shared_shapes,
    "traceability": traceability_table,
    "metrics": metric_table,
    "running licences": running_licences,
    "developing licences": developing_licences,
}

_BLOCK = re.compile(r"<!-- bin/docs: (?P<name>[\w ]+) -->\n.*?<!-- end -->", re.DOTALL)


def written(text: str) -> str:
    """The page with its tables as the code has them now; what people wrote around them stays."""

    def table(block: re.Match[str]) -> str:
        return f"<!-- bin/docs: {block['name']} -->\n{TABLES[block['name']]()}\n<!-- end -->"

    return _BLOCK.sub(table, text)


def pages() -> list[Path]:
    """Every page with tables of the code."""
    return sorted([*PAGES.glob("*.md"), DOCS / "traceability.md"])


def main() -> None:
    for page in pages():
        page.write_text(written(page.read_text()))


if __name__ == "__main__":
    main()
