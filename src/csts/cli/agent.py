"""`csts agent`: accounts for those who cannot sign in yet."""

import asyncio
import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from csts.agents import actions, queries
from csts.agents.schemas import NewAgent, Role
from csts.auth.actions import end_sessions
from csts.auth.passwords import Passwords, check_new_password
from csts.cli.terminal import fail
from csts.cli.writing import writing
from csts.kit.errors import DomainError

app = typer.Typer(no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="What the agent signs in with.")]


@app.command()
def add(
    username: Username,
    name: Annotated[str, typer.Option(help="What customers see.")],
    role: Annotated[Role, typer.Option(help="An admin may also make accounts.")] = "agent",
) -> None:
    """Make an agent's account; the password is read from standard input."""
    try:
        form = NewAgent(username=username, name=name, role=role, password=_read_password())
        asyncio.run(_add(form))
    except ValidationError as error:
        fail("; ".join(f"{wrong['loc'][0]}: {wrong['msg'].removeprefix('Value error, ')}" for wrong in error.errors()))
    except DomainError as error:
        fail(str(error))
    typer.echo(f"{form.username} can sign in at /desk/signin.")


@app.command()
def passwd(username: Username) -> None:
    """Set an agent's password, read from standard input; sessions in use end."""
    username = username.strip().lower()
    try:
        asyncio.run(_set_password(username, _read_password()))
    except DomainError as error:
        fail(str(error))
    typer.echo(f"{username} has a new password.")


def _read_password() -> str:
    """One line; asked for twice, without an echo, where somebody types."""
    # Not an argument: those stand in the list of processes and in the history of the shell.
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


async def _add(form: NewAgent) -> None:
    check_new_password(form.password, about=(form.username, form.name))
    password_hash = await _hash(form.password)
    async with writing() as session:
        await actions.add_agent(
            session, username=form.username, name=form.name, password_hash=password_hash, role=form.role
        )


async def _set_password(username: str, password: str) -> None:
    check_new_password(password, about=(username,))
    password_hash = await _hash(password)
    async with writing() as session:
        agent = await queries.by_username(session, username)
        if agent is None:
            fail(f"there is no agent with the username {username}.")
        agent.password_hash = password_hash
        await end_sessions(session, "agent", agent.id, reason="the password was changed")


async def _hash(password: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()
