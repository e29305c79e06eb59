"""The reference names everything that the code has, and is as new as the code."""

import ast
import re
from pathlib import Path

import pytest

from csts.settings import Settings
from tests.architecture.trees import ROOT, SOURCE, modules
from tests.docs.commands import commands
from tests.docs.reference import PAGES, pages, written
from tests.docs.rules import errors


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text()


@pytest.mark.parametrize("file", pages(), ids=lambda file: file.stem)
def test_the_tables_are_as_the_code_is(file: Path) -> None:
    assert file.read_text() == written(file.read_text()), "run bin/docs"


def test_every_setting_is_named_and_described() -> None:
    missing = [name for name in Settings.model_fields if f"`CSTS_{name.upper()}`" not in page("settings")]
    silent = [name for name, field in Settings.model_fields.items() if not field.description]
    assert missing + silent == []


def test_every_command_is_named_and_described() -> None:
    silent = [name for name, command in commands() if not command.help or f"csts {name}" not in page("cli")]
    assert silent == []


def test_every_error_code_is_named_once() -> None:
    codes = [error.code for error in errors()]
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if f"`{code}`" not in page("errors")] == []


def test_every_frame_is_named() -> None:
    tags = {
        keyword.value.value
        for module in modules(SOURCE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for keyword in node.keywords
        if keyword.arg == "tag" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }
    assert tags
    assert [tag for tag in tags if f"| `{tag}` |" not in page("events")] == []


def recorded_kinds() -> set[str]:
    """The kinds of history that the room of tickets writes, as text in its calls."""
    calls = re.compile(r"""\brecord\((?:[^()"]+, )"(?P<kind>\w+)\"""")
    files = (SOURCE / "tickets").glob("*.py")
    return {found["kind"] for file in files for found in calls.finditer(file.read_text())}


def test_every_kind_of_history_is_named() -> None:
    kinds = recorded_kinds()
    assert {"opened", "claimed"} <= kinds
    assert [kind for kind in kinds if f"| `{kind}` |" not in page("statuses")] == []


def test_every_file_that_the_documents_name_is_there() -> None:
    named = re.compile(r"`((?:src|tests|bin|docs|bench)/[\w./-]+)`")
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    gone = {
        f"{document.name}: {path}"
        for document in documents
        for path in named.findall(document.read_text())
        if not (ROOT / path).exists()
    }
    assert gone == set()
