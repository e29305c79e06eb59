"""The table of HTTP routes, from the same description that /openapi.json serves."""

from typing import Any

from csts.app import create_app
from csts.settings import Settings
from tests.docs.tables import code, table

METHODS = ("get", "post", "put", "delete", "patch")


def description() -> dict[str, Any]:
    return create_app(Settings(_env_file=None)).openapi()


def route_table() -> str:
    rows = [
        [code(f"{method.upper()} {path}"), operation.get("summary", ""), _good(operation), _bad(operation)]
        for path, operations in description()["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    ]
    return table(["request", "what it does", "good", "errors of its own"], rows)


def _good(operation: dict[str, Any]) -> str:
    return ", ".join(status for status in sorted(operation["responses"]) if status.startswith(("2", "3")))


def _bad(operation: dict[str, Any]) -> str:
    return ", ".join(
        f"{status} {answer['description']}"
        for status, answer in sorted(operation["responses"].items())
        if status.startswith(("4", "5"))
    )
