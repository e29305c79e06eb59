"""The table of commands, from the command itself."""

from collections.abc import Iterator
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperGroup

from csts.cli import app
from tests.docs.tables import code, first_sentence, table


def command_table() -> str:
    rows = [[code(f"csts {usage(name, command)}"), first_sentence(command.help)] for name, command in commands()]
    return table(["command", "what it does"], rows)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name."""
    yield from _below("", typer.main.get_command(app))


def usage(name: str, command: Any) -> str:
    """As one types it: what may be left out stands in brackets."""
    parts = [name]
    for parameter in command.params:
        shown = parameter.name.upper()
        if isinstance(parameter, TyperArgument):
            parts.append(shown)
        elif parameter.name != "help":
            flag = max(parameter.opts, key=len)
            typed = flag if parameter.is_flag else f"{flag} {shown}"
            parts.append(typed if parameter.required else f"[{typed}]")
    return " ".join(parts)


def _below(prefix: str, command: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _below(f"{prefix}{name} ", child)
    else:
        yield prefix.strip(), command
