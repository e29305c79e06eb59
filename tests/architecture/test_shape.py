"""The limits of STYLE.md that no linter knows."""

import ast
import re

import pytest

from tests.architecture.trees import (
    ROOT,
    SOURCE,
    WEB,
    Module,
    length,
    modules,
    only_forwards,
    relative,
    script_functions,
    web_files,
)

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
# The edges of the process: requests, jobs, the writer of messages, and a library that raises nothing more exact.
MAX_BROAD_EXCEPTS = 4

OURS = modules(SOURCE)
TESTS = modules(ROOT / "tests")


def room(module: Module) -> str:
    return module.path.relative_to(SOURCE).parts[0]


def test_no_file_is_longer_than_300_lines() -> None:
    scripts = sorted((ROOT / "tests" / "js").rglob("*.js"))
    sizes = {module.name: module.lines for module in (*OURS, *TESTS)}
    sizes |= {relative(file): file.read_text().count("\n") for file in (*web_files(".js", ".css", ".html"), *scripts)}
    assert {name: lines for name, lines in sizes.items() if lines > MAX_FILE_LINES} == {}


def test_no_python_function_is_longer_than_50_lines() -> None:
    long = {
        f"{module.name}:{function.name}": length(function)
        for module in (*OURS, *TESTS)
        for function in module.functions()
        if length(function) > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_no_script_function_is_longer_than_50_lines() -> None:
    long = {
        f"{relative(file)}:{line}": size
        for file in web_files(".js")
        for line, size in script_functions(file.read_text())
        if size > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_why_it_exists() -> None:
    silent = [module.name for module in (*OURS, *TESTS) if module.text.strip() and not ast.get_docstring(module.tree)]
    assert silent == []


def test_only_the_unit_of_work_and_the_carriers_of_batches_commit() -> None:
    commits = [module.name for module in OURS for name, _ in module.calls() if name == "commit"]
    assert sorted(commits) == ["src/csts/kit/carriers.py", "src/csts/kit/db.py"]


def writes_sql(module: Module) -> bool:
    """True if it takes SQL as text: `text` of SQLAlchemy, or what goes past it."""
    imported = {
        alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    return not imported.isdisjoint({"text", "literal_column"}) or any(
        name == "exec_driver_sql" for name, _ in module.calls()
    )


def test_only_the_kit_and_migrations_write_sql_by_hand() -> None:
    by_hand = [module.name for module in OURS if writes_sql(module) and room(module) not in {"kit", "migrations"}]
    assert by_hand == []


def test_only_actions_announce() -> None:
    elsewhere = [
        f"{module.name}:{line}"
        for module in OURS
        for name, line in module.calls()
        if name == "announce"
        and module.path.name not in {"actions.py", "reactions.py"}
        and module.name != "src/csts/kit/tasks.py"
    ]
    assert elsewhere == []


def test_actions_and_queries_do_more_than_forward() -> None:
    forwarders = [
        f"{module.name}:{function.name}"
        for module in OURS
        if module.path.name in {"actions.py", "queries.py"}
        for function in module.functions()
        if only_forwards(function)
    ]
    assert forwarders == []


def broad_excepts() -> list[tuple[Module, int]]:
    return [
        (module, node.lineno)
        for module in OURS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]


def test_broad_excepts_are_few_and_say_why() -> None:
    found = broad_excepts()
    silent = [f"{module.name}:{line}" for module, line in found if "#" not in module.line(line)]
    assert silent == []
    assert len(found) <= MAX_BROAD_EXCEPTS, [f"{module.name}:{line}" for module, line in found]


def test_nothing_is_left_to_do_later() -> None:
    # The brackets keep this file from finding itself.
    later = re.compile(r"\b(?:TO[D]O|FI[X]ME|X[X]X)\b")
    files = [module.path for module in (*OURS, *TESTS)] + web_files(".js", ".css", ".html")
    assert [relative(file) for file in files if later.search(file.read_text())] == []


@pytest.mark.parametrize("word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_no_script_makes_markup_from_text(word: str) -> None:
    assert [relative(file) for file in web_files(".js") if word in file.read_text()] == []


@pytest.mark.parametrize(
    "pattern",
    [r"<script(?![^>]*\ssrc=)", r"<style\b", r"\sstyle=", r"\son[a-z]+=", r"javascript:", r"\|\s*safe\b"],
)
def test_templates_hold_neither_script_nor_style(pattern: str) -> None:
    found = re.compile(pattern, re.IGNORECASE)
    assert [relative(file) for file in web_files(".html") if found.search(file.read_text())] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    outside = re.compile(r"""(?:src|href|url|from|import)\s*[=(]?\s*["'(]\s*(?:https?:)?//""")
    found = [relative(file) for file in web_files(".js", ".css", ".html") if outside.search(file.read_text())]
    assert found == [], f"under {relative(WEB)}"
