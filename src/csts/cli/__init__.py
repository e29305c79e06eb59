"""The `csts` command."""

from typing import Annotated

import typer

from csts import __version__
from csts.cli import agent, backup, bench, customer, database, knowledge, report, serve, uploads, work

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"csts {__version__}")
        raise typer.Exit


@app.callback()
def csts(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """The `csts` command."""


app.command()(serve.serve)
app.command()(database.migrate)
app.command()(database.demo)
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(agent.app, name="agent", help="Make agent accounts, set their passwords, and reset their second factors.")
app.add_typer(customer.app, name="customer", help="Set customers' passwords.")
app.add_typer(knowledge.app, name="knowledge", help="Fill the knowledge base from files.")
app.add_typer(uploads.app, name="uploads", help="Move uploaded files to another place.")
app.command()(work.work)
app.command()(report.check)
app.command()(report.openapi)
app.add_typer(bench.app, name="bench", help="Measure what a desk carries.")


def main() -> None:
    app()
