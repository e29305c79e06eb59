"""`csts backup` and `csts restore`: the whole desk into one file, and out of it again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from csts.attachments.buckets import reason_of
from csts.attachments.storage import FilesUnavailable, Storage
from csts.backup.manifest import BadBackup, Manifest
from csts.backup.restoring import InTheWay, Place, examine
from csts.backup.restoring import restore as bring_back
from csts.backup.saving import KEY, NothingToKeep, save
from csts.cli.terminal import fail, read_settings
from csts.kit import clock
from csts.settings import Settings

_SHOWN = 5


def backup(
    to: Annotated[Path, typer.Argument(help="File to write; in a folder it gets a name with the time.")],
) -> None:
    """Write database, files and key as they are now into one file, beside a desk that may be running."""
    settings = read_settings()
    target = to / f"csts-{clock.now():%Y%m%d-%H%M%S}.tar" if to.is_dir() else to
    with _telling(f"nothing was written to {target}"):
        storage = Storage(settings.resolved_uploads, settings.uploads_before)
        kept = asyncio.run(save(settings.resolved_database_url, storage, _key(settings), target))
    typer.echo(f"{target}: {_told(kept.manifest)}. It was read back, and is whole.")
    if kept.lost:
        shown = ", ".join(kept.lost[:_SHOWN])
        typer.echo(f"csts: the uploads do not have {len(kept.lost)} files that the database names: {shown}", err=True)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A file that csts backup has written.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the desk that is there.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is whole, and what is in it.")] = False,
) -> None:
    """Bring a desk back from its backup, into an empty place; the desk is stopped meanwhile."""
    settings = read_settings()
    with _telling(f"nothing was restored from {source}"):
        if check:
            typer.echo(f"{source}: {_told(asyncio.run(examine(source)))}. It is whole.")
            return
        storage = Storage(settings.resolved_uploads, settings.uploads_before)
        place = Place(settings.resolved_database_url, storage, _key(settings))
        manifest = asyncio.run(bring_back(source, place, force=force))
    typer.echo(f"Restored {_told(manifest)}. The database has the schema of this release.")


def _key(settings: Settings) -> Path | None:
    """Where this desk keeps its key; None where the operator keeps it."""
    return None if settings.secret_key.get_secret_value() else settings.data / KEY


def _told(manifest: Manifest) -> str:
    size = f"{manifest.file_bytes / 1e6:,.1f} MB"
    what = f"{manifest.rows:,} rows of {len(manifest.tables)} tables and {manifest.files:,} files ({size})"
    return f"{what} of {manifest.created_at}, release {manifest.version}, schema {manifest.schema}"


@contextmanager
def _telling(outcome: str) -> Iterator[None]:
    """Ends the command with a sentence when the block fails."""
    try:
        yield
    except NothingToKeep:
        fail(f"{outcome}. The database is empty; csts serve and csts migrate make its tables.")
    except (BadBackup, InTheWay) as error:
        fail(f"{outcome}: {error}.")
    except FilesUnavailable as error:
        fail(f"{outcome}. The uploads do not answer: {reason_of(error.__cause__ or error)}")
    except BaseError as error:
        fail(f"{outcome}. The uploads do not answer: {reason_of(error)}")
    except SQLAlchemyError as error:
        fail(f"{outcome}. The database does not answer: {str(error).splitlines()[0]}")
    except OSError as error:
        fail(f"{outcome}: {error.strerror or error}.")
