"""Where the bytes of files live: a folder by default, a bucket by URL, behind the one interface of obstore."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

_PROBE = "probe"


@dataclass(frozen=True)
class StoredFile:
    """An opened file: `size` in bytes, and its bytes in pieces, to be read once."""

    size: int
    pieces: AsyncIterator[bytes]


def path_of(data: bytes) -> str:
    """The place of these bytes, by their SHA-256: equal files are stored once, and a path cannot be guessed."""
    digest = hashlib.sha256(data).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


class Storage:
    """Files by path in a folder, or at an `s3://` URL. All input and output happens off the event loop."""

    def __init__(self, place: str) -> None:
        self._store: ObjectStore = from_url(place) if "://" in place else _folder(Path(place))

    async def put(self, path: str, data: bytes) -> None:
        """Keep these bytes: whole or not at all. To put the same again is harmless."""
        # In a thread of ours: one of the library's own that is still at work aborts a command at its end.
        await asyncio.to_thread(obstore.put, self._store, path, data, use_multipart=False)

    async def open(self, path: str) -> StoredFile:
        """Raises FileNotFoundError before the first byte."""
        found = await obstore.get_async(self._store, path)
        return StoredFile(found.meta["size"], (bytes(piece) async for piece in found.stream()))

    async def get(self, path: str) -> bytes:
        """The whole file. Raises FileNotFoundError."""
        found = await obstore.get_async(self._store, path)
        return bytes(await found.bytes_async())

    async def delete(self, path: str) -> None:
        """Forget this file; to forget one that is not there is harmless."""
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, path)

    async def paths(self) -> AsyncIterator[tuple[str, datetime]]:
        """Every file with the moment of its last change, in no order."""
        async for batch in obstore.list(self._store):
            for found in batch:
                if found["path"] != _PROBE:
                    yield found["path"], found["last_modified"]

    async def check(self) -> None:
        """Raises OSError or an error of obstore when files cannot be written and read back."""
        # One probe for all, never deleted: processes that check at the same moment do not disturb each other.
        await self.put(_PROBE, b"ready")
        if await asyncio.to_thread(self._read, _PROBE) != b"ready":
            raise OSError("the uploads do not give back what was written")

    def _read(self, path: str) -> bytes:
        return bytes(obstore.get(self._store, path).bytes())


def _folder(path: Path) -> LocalStore:
    # What customers send is for nobody else on this machine.
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(prefix=path.absolute())
