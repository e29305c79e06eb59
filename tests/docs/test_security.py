"""What the documents claim of security: each proof that they name is a test, and each requirement stands there once."""

import re
from collections import Counter

from tests.architecture.trees import ROOT

SECURITY = ROOT / "docs" / "explanation" / "security.md"
ASVS = ROOT / "docs" / "explanation" / "asvs.md"
# How many requirements ASVS 5.0.0 has at the levels 1 and 2.
REQUIREMENTS = 253


def rows() -> list[tuple[str, str, str]]:
    return re.findall(r"^\| (\d+\.\d+\.\d+) \| (met|n/a|open) \| (.+) \|$", ASVS.read_text(), re.MULTILINE)


def test_each_proof_is_a_test_that_exists() -> None:
    tests = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    there = {name for text in tests for name in re.findall(r"def (test_\w+)", text)}
    named = set(re.findall(r"`(test_\w+)`", SECURITY.read_text() + ASVS.read_text()))
    assert len(named) > 30
    assert named - there == set()


def test_each_requirement_stands_there_once_and_is_counted() -> None:
    assert len({number for number, _, _ in rows()}) == len(rows()) == REQUIREMENTS
    counts = Counter(state for _, state, _ in rows())
    told = f"Of {REQUIREMENTS}: {counts['met']} met, {counts['n/a']} not applicable, {counts['open']} open."
    assert told in ASVS.read_text()
