"""The licences of all that we install, from what the packages say of themselves."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement

from tests.docs.tables import code, table

ROOT = Path(__file__).resolve().parents[2]

# Packages that are silent in their metadata, and whose file of the licence was read instead.
READ = {"aiofastnet": "MIT", "axe-playwright-python": "MIT", "picows": "MIT"}
# As packages call them, in their classifiers or in their word.
NAMES = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
_LOCKED = re.compile(r"^([A-Za-z0-9][^\\#]*==[^\\]*)", re.MULTILINE)
# A licence is named in a word; some packages put its whole text where its name belongs.
_NAME = re.compile(r"[\w.+ -]{2,40}")


def locked(name: str) -> list[str]:
    """The packages of a lock file that belong on this machine."""
    requirements = [Requirement(line.strip()) for line in _LOCKED.findall((ROOT / name).read_text())]
    return sorted(each.name for each in requirements if each.marker is None or each.marker.evaluate())


@cache
def licence_of(package: str) -> str:
    """As an SPDX expression where the package gives one, else by its classifiers or its word; empty if silent."""
    told = metadata(package)
    if "License-Expression" in told:
        return told["License-Expression"]
    classified = [NAMES[name] for name in _classifiers(told.get_all("Classifier", [])) if name in NAMES]
    if classified:
        return " OR ".join(sorted(classified))
    (word,) = told.get_all("License", []) or [""]
    return NAMES.get(word, word) if _NAME.fullmatch(word) else READ.get(package, "")


def _classifiers(all_of_them: list[str]) -> Iterator[str]:
    return (each.rpartition(" :: ")[2] for each in all_of_them if each.startswith("License ::"))


def running() -> list[str]:
    return locked("requirements.lock")


def developing() -> list[str]:
    """What only checks, tests and the optional sentence model need."""
    return sorted(set(locked("requirements-dev.lock")) - set(running()))


def running_licences() -> str:
    return _table(running())


def developing_licences() -> str:
    return _table(developing())


def _table(packages: list[str]) -> str:
    by_licence: dict[str, list[str]] = {}
    for package in packages:
        by_licence.setdefault(licence_of(package), []).append(code(package))
    return table(["licence", "packages"], [[name, ", ".join(found)] for name, found in sorted(by_licence.items())])
