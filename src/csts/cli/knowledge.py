"""`csts knowledge`: articles from a file, into a desk that may be running."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from csts.cli.terminal import fail, reaching_database
from csts.cli.writing import writing
from csts.knowledge import actions
from csts.knowledge.filing import BadFile, read_articles
from csts.knowledge.schemas import NewArticle

app = typer.Typer(no_args_is_help=True)


# Otherwise a group of one command would be that command.
@app.callback()
def group() -> None:
    pass


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="JSON Lines: an article a line, with topic, title, answer, examples.")],
) -> None:
    """Add and change articles from a file, all of it or nothing; known ones are recognised by their topic."""
    done = asyncio.run(_import(articles_of(file)))
    typer.echo(f"{done.new} new, {done.changed} changed, {done.same} as before.")


def articles_of(file: Path) -> Sequence[NewArticle]:
    """Ends the command with a sentence when the file cannot be read, or not all of it is good."""
    try:
        return read_articles(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}.")
    except BadFile as error:
        fail(f"nothing was imported from {file}. {error}.")


async def _import(articles: Sequence[NewArticle]) -> actions.Imported:
    with reaching_database():
        async with writing() as session:
            return await actions.import_articles(session, articles, by=None)
