"""`csts migrate` and `csts demo`: what an operator does to the database by hand."""

import asyncio

import typer

from csts import demo as demo_data
from csts.app import create_app
from csts.cli.terminal import fail, reaching_database, read_settings
from csts.migrations import schema
from csts.settings import Settings


def migrate() -> None:
    """Bring the database to the schema of this release."""
    with reaching_database():
        asyncio.run(schema.upgrade(read_settings().resolved_database_url))
    typer.echo("The database has the schema of this release.")


def demo() -> None:
    """Fill an empty database with a small company's desk."""
    settings = read_settings()
    if not asyncio.run(_fill(settings)):
        fail("the database has accounts already, so no demo data was added.")
    typer.echo(demo_data.LOGINS)


async def _fill(settings: Settings) -> bool:
    app = create_app(settings.model_copy(update={"jobs": False}))
    async with app.router.lifespan_context(app):
        return await demo_data.fill_once(app.state)
