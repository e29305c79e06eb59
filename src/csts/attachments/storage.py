"""Where the bytes of files live: a folder by default, a bucket by URL, behind the one interface of obstore."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

import obstore
import structlog
from anyio import CapacityLimiter, to_thread
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from csts.attachments.buckets import bucket_at, reason_of
from csts.kit.errors import DomainError

T = TypeVar("T")

_PROBE = "probe"
# Of threads: a bucket that says nothing keeps each of them for half a minute, and nobody but those who need it.
_AT_ONCE = 32

_log = structlog.get_logger()


class FilesUnavailable(DomainError):
    code = "files_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "Files cannot be kept or shown right now. Nothing was changed; please try again in a moment."


@dataclass(frozen=True)
class StoredFile:
    """An opened file: `size` in bytes, and its bytes in pieces, to be read once."""

    size: int
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True)
class Listed:
    """A file in a listing; `size` in bytes."""

    path: str
    size: int
    changed_at: datetime


def path_of(data: bytes) -> str:
    """The place of these bytes, by their SHA-256: equal files are stored once, and a path cannot be guessed."""
    digest = hashlib.sha256(data).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


class Storage:
    """Files by path in a folder, or at an `s3://` URL. All input and output happens off the event loop.

    What is not at `place` is read from `before`, where it was until a move. Reads and writes raise FilesUnavailable
    when the place does not answer, is full, or may not be written.
    """

    def __init__(self, place: str, before: str = "") -> None:
        self.place = place
        self._store = _store_at(place)
        self._before = _store_at(before) if before else None
        self._threads = CapacityLimiter(_AT_ONCE)

    async def put(self, path: str, data: bytes) -> None:
        """Keep these bytes: whole or not at all. To put the same again is harmless."""
        # In a thread of ours: one of the library's own that is still at work aborts a command at its end.
        with _needing_files():
            await self._in_thread(partial(obstore.put, self._store, path, data, use_multipart=False))

    async def open(self, path: str) -> StoredFile:
        """Raises FileNotFoundError before the first byte."""
        found = await self._found(path)
        return StoredFile(found.meta["size"], (bytes(piece) async for piece in found.stream()))

    async def get(self, path: str) -> bytes:
        """The whole file. Raises FileNotFoundError."""
        found = await self._found(path)
        with _needing_files():
            return bytes(await found.bytes_async())

    async def delete(self, path: str) -> None:
        """Forget this file; to forget one that is not there is harmless."""
        with _needing_files(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, path)

    async def files(self) -> AsyncIterator[Listed]:
        """Every file, in no order; none of those that are only where files were before."""
        listing = iter(obstore.list(self._store))
        with _needing_files():
            while batch := await self._in_thread(lambda: next(listing, ())):
                for found in batch:
                    if found["path"] != _PROBE:
                        yield Listed(found["path"], found["size"], found["last_modified"])

    async def check(self) -> None:
        """Raises OSError or an error of obstore when files cannot be written and read back."""
        # One probe for all, never deleted: processes that check at the same moment do not disturb each other.
        await self._in_thread(partial(obstore.put, self._store, _PROBE, b"ready", use_multipart=False))
        if await self._in_thread(self._read_probe) != b"ready":
            raise OSError("the uploads do not give back what was written")

    def _read_probe(self) -> bytes:
        return bytes(obstore.get(self._store, _PROBE).bytes())

    async def _found(self, path: str) -> "obstore.GetResult":
        with _needing_files(or_not_found=True):
            try:
                return await obstore.get_async(self._store, path)
            except FileNotFoundError:
                if self._before is None:
                    raise
                return await obstore.get_async(self._before, path)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await to_thread.run_sync(work, limiter=self._threads, abandon_on_cancel=True)


@contextmanager
def _needing_files(*, or_not_found: bool = False) -> Iterator[None]:
    """Raises FilesUnavailable for what goes wrong; with `or_not_found` not for a missing file."""
    try:
        yield
    except (BaseError, OSError) as error:
        if or_not_found and isinstance(error, FileNotFoundError):
            raise
        _log.error("uploads_unavailable", reason=reason_of(error))
        raise FilesUnavailable(retry_after=5) from error


def _store_at(place: str) -> ObjectStore:
    return bucket_at(place) if "://" in place else _folder(Path(place))


def _folder(path: Path) -> LocalStore:
    # What customers send is for nobody else on this machine.
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(prefix=path.absolute())
