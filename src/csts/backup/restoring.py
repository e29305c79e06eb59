"""Bringing a backup back: read to its end first, then files, then rows, and the desk's database last of all."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from csts.attachments.storage import Storage, path_of
from csts.backup.archive import contents, verify
from csts.backup.manifest import BadBackup, Manifest
from csts.backup.rows import unpacked
from csts.backup.saving import KEY, REVISION
from csts.kit.columns import MAX_ID
from csts.kit.db import Announcement, Database
from csts.kit.loading import InUse, Loader, fold_log, loading
from csts.kit.snapshots import Row
from csts.migrations import schema
from csts.search.index import index_of

# Where one of these has a row, somebody's desk is.
_PEOPLE = ("users", "agents", "tickets")


class InTheWay(Exception):
    """The place is not free for a backup; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Place:
    """Where a backup goes: a database, uploads, and a file for its key where this desk keeps one."""

    url: str
    storage: Storage
    key: Path | None

    @property
    def file(self) -> Path | None:
        """Of SQLite's database."""
        url = make_url(self.url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


async def examine(source: Path) -> Manifest:
    """Raises BadBackup for what is damaged, and for what a later release has written."""
    manifest = await asyncio.to_thread(verify, source)
    if manifest.schema not in schema.revisions():
        raise BadBackup(
            f"it was written by release {manifest.version}, whose schema {manifest.schema} this release does not know; "
            "install that release, or a later one"
        )
    return manifest


async def restore(source: Path, place: Place, *, force: bool) -> Manifest:
    """The desk as it was, brought to the schema of this release.

    With `force` what is there is replaced; files of the uploads stay in any case. Raises BadBackup and InTheWay
    before anything is written.
    """
    manifest = await examine(source)
    await _see_to(place, force=force)
    await place.storage.check()
    async with _new_database(place) as url:
        await schema.upgrade(url, manifest.schema)
        async with loading(url) as loader:
            await _fill(loader, source, place)
            await _finish(loader, url, manifest)
        await schema.upgrade(url)
    return manifest


async def _see_to(place: Place, *, force: bool) -> None:
    if place.file and not place.file.exists():
        return
    try:
        if place.file:
            fold_log(place.file)
        async with loading(place.url) as loader:
            if not place.file:
                await loader.refuse_others()
            if not force and await loader.has_rows(_PEOPLE):
                raise InTheWay("there is a desk already, with people or tickets in it. To replace it, add --force")
    except InUse:
        raise InTheWay("the database is in use. Stop the desk first: every csts serve and csts work") from None


@asynccontextmanager
async def _new_database(place: Place) -> AsyncIterator[str]:
    """An empty database to fill. Of SQLite it is a new file, which takes the place of the old one in the end."""
    if place.file is None:
        async with loading(place.url) as loader:
            await loader.drop_all()
        yield place.url
        return
    draft = place.file.with_name(f"{place.file.name}.restoring")
    try:
        _remove(draft)
        yield make_url(place.url).set(database=str(draft)).render_as_string(hide_password=False)
        fold_log(draft)
        # A log of the old one would be played into the new one.
        _remove(place.file, only_log=True)
        draft.replace(place.file)
        _sync(place.file.parent)
    finally:
        _remove(draft)


async def _fill(loader: Loader, source: Path, place: Place) -> None:
    # A schema without its number is no desk: one that was broken off in the middle is not taken for a whole one.
    await loader.clear(await loader.tables())
    for name, data in contents(source):
        kind, _, rest = name.partition("/")
        if kind == "tables":
            columns, rows = unpacked(data)
            await _put(loader, rest.partition("/")[0], columns, rows)
        elif kind == "files":
            if path_of(data) != rest:
                raise BadBackup(f"the file {rest} in it is not what its name says")
            await place.storage.put(rest, data)
        elif name == KEY and place.key:
            _keep(place.key, data)


async def _finish(loader: Loader, url: str, manifest: Manifest) -> None:
    if "search_pieces" in await loader.tables():
        await _index(url)
    await loader.put(REVISION[0], [REVISION[1]], [(manifest.schema,)])


async def _index(url: str) -> None:
    """The index of words is made from its pieces; MySQL has done so while it took them in."""
    database = Database(url, publish=_tell_nobody, reactions={})
    try:
        async with database.write() as session:
            await index_of(session).add(session, 1, MAX_ID)
    finally:
        await database.close()


async def _tell_nobody(_announced: Sequence[Announcement]) -> None:
    """There is nobody yet."""


async def _put(loader: Loader, table: str, columns: list[str], rows: list[Row]) -> None:
    if rows:
        await loader.put(table, columns, rows)


def _keep(key: Path, data: bytes) -> None:
    key.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def _remove(file: Path, *, only_log: bool = False) -> None:
    """A database of SQLite's, or only what it has beside it."""
    for ending in ("-wal", "-shm", "-journal") if only_log else ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
