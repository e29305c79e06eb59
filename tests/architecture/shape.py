"""Prints the tree's own row of the table that STYLE.md measures codebases by."""

import ast
import statistics
from collections.abc import Sequence

import grimp

from tests.architecture.cycles import cycles, mutual_rooms
from tests.architecture.trees import (
    SOURCE,
    Function,
    Module,
    length,
    modules,
    only_forwards,
    script_functions,
    web_files,
)


def spread(sizes: Sequence[int]) -> str:
    """Median / 95th percentile / largest."""
    ordered = sorted(sizes)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"{statistics.median(ordered):g} / {p95} / {ordered[-1]}"


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def python_row(tree: list[Module]) -> dict[str, str]:
    functions: list[Function] = [function for module in tree for function in module.functions()]
    classes = [node for module in tree for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    lines = sum(module.lines for module in tree)
    described = sum(ast.get_docstring(node) is not None for node in (*functions, *classes))
    graph = grimp.build_graph("csts")
    return {
        "files": str(len(tree)),
        "lines": str(lines),
        "file median / p95 / max": spread([module.lines for module in tree]),
        "fn median / p95 / max": spread([length(function) for function in functions]),
        "fns over 50 lines": str(sum(length(function) > 50 for function in functions)),
        "comments per 100 lines": f"{100 * sum(len(module.comments()) for module in tree) / lines:.1f}",
        "docstrings": percent(described, len(functions) + len(classes)),
        "return types": percent(sum(function.returns is not None for function in functions), len(functions)),
        "import cycles": str(len(cycles(graph))),
        "mutual package pairs": str(len(mutual_rooms(graph))),
        "forward-only actions and queries": str(
            sum(
                only_forwards(function)
                for module in tree
                if module.path.name in {"actions.py", "queries.py"}
                for function in module.functions()
            )
        ),
        "commit sites": str(sum(name == "commit" for module in tree for name, _ in module.calls())),
    }


def web_row(suffix: str) -> dict[str, str]:
    texts = [file.read_text() for file in web_files(suffix)]
    sizes = [text.count("\n") for text in texts]
    row = {"files": str(len(sizes)), "lines": str(sum(sizes)), "file median / p95 / max": spread(sizes)}
    if suffix == ".js":
        functions = [size for text in texts for _, size in script_functions(text)]
        row["fn median / p95 / max"] = spread(functions)
        row["fns over 50 lines"] = str(sum(size > 50 for size in functions))
    return row


def main() -> None:
    rows = {"src/csts, Python": python_row([module for module in modules(SOURCE) if module.lines])}
    rows |= {f"src/csts/web, {suffix[1:]}": web_row(suffix) for suffix in (".js", ".css", ".html")}
    for name, row in rows.items():
        print(f"\n{name}")
        for title, value in row.items():
            print(f"  {title:34}{value}")


if __name__ == "__main__":
    main()
