"""How a command takes a password, and what it keeps of it."""

import sys

import typer

from csts.auth.passwords import Passwords


def read_password() -> str:
    """One line; asked for twice, without an echo, where somebody types."""
    # Not an argument: those stand in the list of processes and in the history of the shell.
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


async def hashed(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
