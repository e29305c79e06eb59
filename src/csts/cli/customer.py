"""`csts customer`: for customers who have forgotten their password, on a desk that cannot send them a link."""

import asyncio
from typing import Annotated

import typer

from csts.auth.actions import end_sessions
from csts.auth.passwords import check_new_password
from csts.cli.passwords import hashed, read_password
from csts.cli.terminal import fail
from csts.cli.writing import writing
from csts.customers import queries
from csts.kit.errors import DomainError
from csts.kit.mailbox import normal_email

app = typer.Typer(no_args_is_help=True)


@app.callback()
def customer() -> None:
    """Accounts of those who write."""


@app.command()
def passwd(email: Annotated[str, typer.Argument(help="What the customer signs in with.")]) -> None:
    """Set a customer's password, read from standard input; sessions in use end. Be sure who asks you for it."""
    try:
        asyncio.run(_set_password(normal_email(email), read_password()))
    except (DomainError, ValueError) as error:
        fail(str(error))
    typer.echo(f"{normal_email(email)} has a new password.")


async def _set_password(email: str, password: str) -> None:
    check_new_password(password, about=(email, email.split("@", maxsplit=1)[0]))
    password_hash = await hashed(password)
    async with writing() as session:
        user = await queries.by_email(session, email)
        if user is None:
            fail(f"there is no customer with the address {email}.")
        user.password_hash = password_hash
        await end_sessions(session, "customer", user.id, reason="the password was changed")
