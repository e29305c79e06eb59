"""Reads the source tree as data: files, functions, imports. The shape tests and `bin/shape` share it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "csts"
WEB = SOURCE / "web"

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Where a JavaScript function begins: its body closes at the first brace with the same indent.
_OPENS = re.compile(
    r"^(?P<indent> *)(?:export |default |async |static |get |set )*(?:function\b.*|[#\w]+\(.*\)|.*=>) \{$"
)
_NOT_A_FUNCTION = re.compile(r"^ *(?:if|for|while|switch|catch|\} )")


@dataclass
class Module:
    """A Python file. `name` is relative to the root of the repository."""

    path: Path
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """Parsed when it is asked for: every run of tests collects those that look at it."""
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return relative(self.path)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def functions(self) -> list[Function]:
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    def calls(self) -> Iterator[tuple[str, int]]:
        """Each call's last name, such as `commit` of `session.commit()`, and its line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = node.func
                if isinstance(called, ast.Attribute | ast.Name):
                    yield called.attr if isinstance(called, ast.Attribute) else called.id, node.lineno

    def comments(self) -> list[str]:
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [token.string for token in tokens if token.type == tokenize.COMMENT]

    def line(self, number: int) -> str:
        return self.text.splitlines()[number - 1]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*folders: Path) -> list[Module]:
    """Every Python file under these folders, by path."""
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    return [Module(file, file.read_text()) for file in files]


def web_files(*kinds: str) -> list[Path]:
    """Every file of the front end with one of these endings, such as `.js`."""
    return sorted(file for file in WEB.rglob("*") if file.suffix in kinds)


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def body(function: Function) -> list[ast.stmt]:
    """Its statements without the docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def only_forwards(function: Function) -> bool:
    """True if it does nothing but hand its own parameters, as they are, to another call."""
    statements = body(function)
    if len(statements) != 1 or not isinstance(statements[0], ast.Return | ast.Expr):
        return False
    value = statements[0].value
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call):
        return False
    given = [*value.args, *(keyword.value for keyword in value.keywords)]
    mine = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    return bool(given) and all(isinstance(argument, ast.Name) and argument.id in mine for argument in given)


def script_functions(text: str) -> Iterator[tuple[int, int]]:
    """First line and length of each function of a formatted JavaScript file."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        opens = _OPENS.match(line)
        if opens and not _NOT_A_FUNCTION.match(line):
            close = opens["indent"] + "}"
            end = next((at for at in range(number + 1, len(lines)) if lines[at].startswith(close)), number)
            yield number + 1, end - number + 1
