"""Nothing that was asked for is without a place and a proof, and each of them is really there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.trees import ROOT, WEB
from tests.docs.traceability import Requirement, requirements

ASKED_FOR = [
    *(f"F{number}" for number in range(1, 10)),
    *(f"N{number}" for number in range(1, 9)),
    "T",
    "L",
    *(f"A{number}" for number in range(1, 6)),
]


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_requirement_is_told_of_once_and_in_order() -> None:
    assert [each.id for each in requirements()] == ASKED_FOR


def test_the_tour_shows_all_of_them() -> None:
    shown = re.findall(r'call (?:stop|later)\("(\w+)"', (WEB / "templates" / "tour.html").read_text())
    assert shown == ASKED_FOR


@pytest.mark.parametrize("requirement", requirements(), ids=lambda each: each.id)
def test_what_it_names_is_there(requirement: Requirement) -> None:
    assert requirement.lives
    assert [place for place in requirement.lives if not (ROOT / place).exists()] == []
    assert requirement.proved
    for name in requirement.proved:
        path, _, test = name.partition("::")
        assert test.startswith("test_")
        assert test in names_in(ROOT / path), name
