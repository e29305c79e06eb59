"""Writing a backup beside a running desk: rows of one moment first, then the files that they name."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from csts import __version__
from csts.attachments.storage import Storage, path_of
from csts.backup.archive import Writer, verify
from csts.backup.manifest import FORMAT, Manifest
from csts.backup.rows import parts
from csts.kit import clock
from csts.kit.snapshots import Snapshot, snapshot

REVISION = ("alembic_version", "version_num")
FILES = ("attachments", "file_path")
KEY = "secret.key"
# Of four megabytes each at most.
_FILES_AT_ONCE = 8


class NothingToKeep(Exception):
    """The database has no tables of a desk."""


@dataclass(frozen=True)
class Kept:
    """A backup that was written and read back. `lost` names files that the database has and the uploads do not."""

    manifest: Manifest
    lost: list[str]


async def save(url: str, storage: Storage, key: Path | None, target: Path) -> Kept:
    """Everything that was committed before the call, as one file, which appears whole or not at all.

    Raises NothingToKeep, FileExistsError when there is such a file, and what the database, the uploads and the disk
    have to say.
    """
    with _appearing(target) as file:
        with Writer(file) as writer:
            lost = await _write(writer, url, storage, key)
        file.flush()
        manifest = await asyncio.to_thread(verify, Path(file.name))
    return Kept(manifest, lost)


@contextmanager
def _appearing(target: Path) -> Iterator[IO[bytes]]:
    """A file beside this one, which takes its name when the block has ended well."""
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    # Readable by its owner alone, for it holds whatever people wrote.
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f"{target.name}.", suffix=".part", delete=False) as file:
        draft = Path(file.name)
        try:
            yield file
            os.fsync(file.fileno())
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)


async def _write(writer: Writer, url: str, storage: Storage, key: Path | None) -> list[str]:
    began = clock.now()
    with tempfile.TemporaryFile() as paths:
        async with snapshot(url) as moment:
            tables = await moment.tables()
            if not {REVISION[0], FILES[0]} <= tables.keys():
                raise NothingToKeep
            schema = "".join([str(value) async for value in moment.values(*REVISION)])
            del tables[REVISION[0]]
            counts = {table: await _add_table(writer, moment, table, columns) for table, columns in tables.items()}
            async for path in moment.values(*FILES):
                paths.write(f"{path!s}\n".encode())
        # After the rows: a file is stored before the row that names it, and is never changed.
        paths.seek(0)
        files = await _add_files(writer, storage, paths)
    if key:
        _add_key(writer, key)
    database = make_url(url).get_backend_name()
    made = began.isoformat(timespec="seconds")
    writer.seal(
        Manifest(FORMAT, __version__, schema, database, made, counts, files.count, files.size, sums=writer.sums)
    )
    return files.lost


def _add_key(writer: Writer, key: Path) -> None:
    # There is none before the first start.
    with suppress(FileNotFoundError):
        writer.add(KEY, key.read_bytes())


async def _add_table(writer: Writer, moment: Snapshot, table: str, columns: list[str]) -> int:
    count = number = 0
    async for part, rows in parts(moment, table, columns):
        number += 1
        count += rows
        writer.add(f"tables/{table}/{number:06}.jsonl.gz", part)
    return count


@dataclass
class _Files:
    count: int
    size: int
    lost: list[str]


async def _add_files(writer: Writer, storage: Storage, paths: IO[bytes]) -> _Files:
    found = _Files(0, 0, [])
    for batch in _batches(paths):
        for path, data in zip(batch, await asyncio.gather(*(_read(storage, path) for path in batch)), strict=True):
            if data is None:
                found.lost.append(path)
            else:
                writer.add(f"files/{path}", data)
                found.count, found.size = found.count + 1, found.size + len(data)
    return found


def _batches(paths: IO[bytes]) -> Iterator[list[str]]:
    lines = (line.decode().strip() for line in paths)
    while batch := list(islice(lines, _FILES_AT_ONCE)):
        yield batch


async def _read(storage: Storage, path: str) -> bytes | None:
    """The file; None where it is not there, or is not what its name says."""
    try:
        data = await storage.get(path)
    except FileNotFoundError:
        return None
    return data if path_of(data) == path else None
