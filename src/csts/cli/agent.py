"""`csts agent`: accounts for those who cannot sign in yet."""

import asyncio
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from csts.agents import actions, queries
from csts.agents.models import Agent
from csts.agents.schemas import NewAgent, Role
from csts.audit.actions import note
from csts.audit.models import Act
from csts.auth.actions import end_sessions
from csts.auth.passwords import check_new_password
from csts.cli.passwords import hashed, read_password
from csts.cli.terminal import fail
from csts.cli.writing import writing
from csts.factors.actions import take_away
from csts.kit.errors import DomainError

app = typer.Typer(no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="What the agent signs in with.")]


@app.command()
def add(
    username: Username,
    name: Annotated[str, typer.Option(help="What customers see.")],
    role: Annotated[Role, typer.Option(help="An admin may also make accounts.")] = "agent",
    email: Annotated[str | None, typer.Option(help="For a forgotten password.")] = None,
) -> None:
    """Make an agent's account; the password is read from standard input."""
    try:
        form = NewAgent(username=username, name=name, role=role, email=email, password=read_password())
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
        asyncio.run(_set_password(username, read_password()))
    except DomainError as error:
        fail(str(error))
    typer.echo(f"{username} has a new password.")


@app.command("reset-factor")
def reset_factor(username: Username) -> None:
    """Take an agent's second factor away, for a lost phone; sessions in use end."""
    username = username.strip().lower()
    try:
        asyncio.run(_reset_factor(username))
    except DomainError as error:
        fail(str(error))
    typer.echo(f"{username} signs in with the password alone, and can set up a new second factor.")


async def _add(form: NewAgent) -> None:
    check_new_password(form.password, about=(form.username, form.name))
    password_hash = await hashed(form.password)
    async with writing() as session:
        agent = await actions.add_agent(
            session, username=form.username, name=form.name, password_hash=password_hash, role=form.role, by=None
        )
        agent.email = form.email


async def _set_password(username: str, password: str) -> None:
    check_new_password(password, about=(username,))
    password_hash = await hashed(password)
    async with writing() as session:
        agent = await _known(session, username)
        actions.set_password(session, agent, password_hash, by=None)
        await end_sessions(session, "agent", agent.id, reason="the password was changed")


async def _reset_factor(username: str) -> None:
    async with writing() as session:
        agent = await _known(session, username)
        await take_away(session, agent.id)
        note(session, None, Act.FACTOR_RESET, actions.about(agent))
        await end_sessions(session, "agent", agent.id, reason="the second factor was reset")


async def _known(session: AsyncSession, username: str) -> Agent:
    agent = await queries.by_username(session, username)
    if agent is None:
        fail(f"there is no agent with the username {username}.")
    return agent
