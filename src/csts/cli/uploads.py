"""`csts uploads`: from a folder into a bucket, or back."""

import asyncio
from typing import Annotated, NoReturn

import typer
from obstore.exceptions import BaseError

from csts.attachments.buckets import reason_of
from csts.attachments.moving import Moved, NotKept
from csts.attachments.moving import move as bring
from csts.attachments.storage import FilesUnavailable, Storage
from csts.cli.terminal import fail, read_settings

app = typer.Typer(no_args_is_help=True)


# Otherwise a group of one command would be that command.
@app.callback()
def group() -> None:
    pass


@app.command()
def move(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Where the files are: a folder, or an s3:// URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="Where they are to be as well.")],
) -> None:
    """Copy uploads from one place to another, each proved by its digest; again, it goes on where it was."""
    settings = read_settings(uploads=source, uploads_before=target)
    try:
        moved = asyncio.run(_move(settings.uploads, settings.uploads_before))
    except NotKept as error:
        fail(f"{target} does not give back what it was given: {error}. Nothing was deleted.")
    except FilesUnavailable as error:
        _fail_at(error.__cause__ or error)
    except (BaseError, OSError, ValueError) as error:
        _fail_at(error)
    typer.echo(f"{moved.copied} files copied ({moved.bytes / 1e6:,.1f} MB), {moved.there} were there already.")
    if moved.damaged:
        fail(f"{len(moved.damaged)} files are damaged and stay behind: {', '.join(moved.damaged[:5])}")


async def _move(source: str, target: str) -> Moved:
    there = Storage(target)
    await there.check()
    return await bring(Storage(source), there)


def _fail_at(error: BaseException) -> NoReturn:
    fail(f"it stopped: {reason_of(error)}. Nothing was deleted; the same command goes on from here.")
