"""The `csts` command."""

import typer

from csts.cli import agent, bench, database, knowledge, report, serve, work

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)
app.command()(serve.serve)
app.command()(database.migrate)
app.command()(database.demo)
app.add_typer(agent.app, name="agent", help="Make agent accounts, and set their passwords.")
app.add_typer(knowledge.app, name="knowledge", help="Fill the knowledge base from files.")
app.command()(work.work)
app.command()(report.check)
app.command()(report.openapi)
app.add_typer(bench.app, name="bench", help="Measure what a desk carries.")


def main() -> None:
    app()
