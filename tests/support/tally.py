"""Adds up the result files of a run: how many tests ran, where, and how they ended."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def counts(file: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of one result file."""
    suites = list(ET.parse(file).getroot().iter("testsuite"))  # noqa: S314 - our own test runner wrote it
    total, skipped, failures, errors = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "skipped", "failures", "errors")
    )
    failed = failures + errors
    return total - skipped - failed, failed, skipped


def main(folder: Path) -> None:
    passed = failed = skipped = 0
    for file in sorted(folder.glob("*.xml")):
        stage, database = file.stem.split("-")
        row = counts(file)
        passed, failed, skipped = passed + row[0], failed + row[1], skipped + row[2]
        print(f"{stage:8} on {database:8} {row[0]} passed, {row[1]} failed, {row[2]} skipped")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
