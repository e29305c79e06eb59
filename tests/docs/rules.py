"""Tables of what is declared as data or as classes: settings, errors, moves, priorities."""

import importlib
import pkgutil
from collections.abc import Iterator

from pydantic import SecretStr

import csts
from csts.kit.errors import DomainError
from csts.settings import Settings
from csts.tickets.status import CUSTOMER_MOVES, MOVES, Priority, Status
from tests.docs.tables import code, table


def settings_table() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = int(default) if isinstance(default, bool) else default
        rows.append([code(f"CSTS_{name.upper()}"), code(shown) if shown != "" else "", field.description or ""])
    return table(["variable", "default", "what it sets"], rows)


def errors() -> list[type[DomainError]]:
    """Every error of the desk, by status and code."""
    for module in pkgutil.walk_packages(csts.__path__, "csts."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = {error for error in _below(DomainError) if hasattr(error, "code")}
    return sorted(found, key=lambda error: (error.status, error.code))


def _below(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def error_table() -> str:
    rows = ([str(error.status.value), code(error.code), error.detail] for error in errors())
    return table(["status", "code", "what people read"], rows)


def move_table() -> str:
    rows = (
        [code(status.value), ", ".join(map(code, MOVES[status])), ", ".join(map(code, CUSTOMER_MOVES[status]))]
        for status in Status
    )
    return table(["status", "an agent may move it to", "its customer may move it to"], rows)


def priority_table() -> str:
    return ", ".join(code(priority.value) for priority in Priority) + ", from the least to the greatest."
