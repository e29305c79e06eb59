"""The file of a backup: a tar with a checksum for each member, written front to back and read front to back.

Its members are parts of tables, files, the list of their checksums (as `sha256sum -c` reads it), the manifest, and the
checksum of the manifest; so what was cut off has no end, and what was changed anywhere does not add up.
"""

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from csts.backup.manifest import BadBackup, Manifest, decoded

SUMS, MANIFEST, SEAL = "SHA256SUMS", "manifest.json", "manifest.sha256"
# The largest member that is ever read at once: a part of a table, or a file.
MOST_BYTES = 64 * 1024 * 1024

_CHUNK_BYTES = 1024 * 1024


class Writer:
    """Adds members one after the other, inside of its block; `file` is closed by whoever opened it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - ended by `seal`
        self._list = tempfile.SpooledTemporaryFile(max_size=_CHUNK_BYTES)  # noqa: SIM115
        self._sums = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._list.close()

    def add(self, name: str, data: bytes) -> None:
        line = _line(hashlib.sha256(data).hexdigest(), name)
        self._sums.update(line)
        self._list.write(line)
        self._put(name, io.BytesIO(data), len(data))

    @property
    def sums(self) -> str:
        """Of all that was added so far."""
        return self._sums.hexdigest()

    def seal(self, manifest: Manifest) -> None:
        """The end: nothing can be added any more."""
        size = self._list.tell()
        self._list.seek(0)
        self._put(SUMS, self._list, size)
        data = manifest.encoded()
        seal = _line(hashlib.sha256(data).hexdigest(), MANIFEST)
        for name, content in ((MANIFEST, data), (SEAL, seal)):
            self._put(name, io.BytesIO(content), len(content))
        self._tar.close()

    def _put(self, name: str, content: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)
        _forget(self._tar)


def verify(path: Path) -> Manifest:
    """Reads all of it. Raises BadBackup unless every byte is as it was written, and OSError."""
    sums, told, manifest, is_ended = hashlib.sha256(), "", b"", False
    with _opened(path) as tar:
        for name, content in _members(tar):
            if name == SUMS:
                told = _digest(content)
            elif name == MANIFEST:
                manifest = content.read(_CHUNK_BYTES)
            elif name == SEAL:
                is_ended = content.read(_CHUNK_BYTES) == _line(hashlib.sha256(manifest).hexdigest(), MANIFEST)
            else:
                sums.update(_line(_digest(content), name))
    if not is_ended:
        raise BadBackup("it is not complete, or was changed after it was written")
    found = decoded(manifest)
    if not found.sums == told == sums.hexdigest():
        raise BadBackup("its content is not what its manifest says: something is missing in it, or was changed")
    return found


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each member of a backup that has been verified, in order, without those about itself."""
    with _opened(path) as tar:
        for name, content in _members(tar):
            if name not in {SUMS, MANIFEST, SEAL}:
                data = content.read(MOST_BYTES + 1)
                if len(data) > MOST_BYTES:
                    raise BadBackup(f"{name} in it is larger than anything that a desk keeps")
                yield name, data


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Raises BadBackup for what is read in the block and is not there."""
    try:
        with tarfile.open(path, "r|") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup("it is no backup, or only a part of one") from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    while member := tar.next():
        content = tar.extractfile(member)
        if content is None:
            raise BadBackup(f"{member.name} in it is no file")
        yield member.name, content
        _forget(tar)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _forget(tar: tarfile.TarFile) -> None:
    # It remembers each member, and there may be a million.
    tar.members.clear()  # type: ignore[attr-defined]  # typeshed leaves it out
