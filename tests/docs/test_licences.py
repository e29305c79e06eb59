"""Everything that is installed has a licence that goes with ours, which is MIT."""

import re

import pytest

from tests.docs.licences import developing, licence_of, running

# They ask for their own text to be kept with a copy, and for no more of those who hand the desk on.
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Unlicense",
    "Zlib",
}
# What checks and tests use and nothing that is handed on: it may be strict about its own source.
TOOLS = {"certifi": "MPL-2.0", "djlint": "GPL-3.0-or-later", "hypothesis": "MPL-2.0", "pathspec": "MPL-2.0"}


def parts(package: str) -> set[str]:
    return set(re.split(r" (?:AND|OR|WITH) ", licence_of(package)))


@pytest.mark.parametrize("package", running())
def test_what_runs_may_be_handed_on(package: str) -> None:
    assert parts(package) <= PERMISSIVE, licence_of(package)


def test_what_only_develops_is_known() -> None:
    strict = {package: licence_of(package) for package in developing() if not parts(package) <= PERMISSIVE}
    assert strict == TOOLS
